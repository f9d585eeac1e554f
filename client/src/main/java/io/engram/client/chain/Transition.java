package io.engram.client.chain;

import io.engram.client.consensus.ValidatorSet;
import io.engram.client.trie.OrderedTrie;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.ReceiptCodec;
import io.engram.genesis.block.Withdrawal;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.transaction.Transaction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Executes transactions on a state as a block does, leaving out those that cannot be in it. Stateless. */
public final class Transition {

    private static final int OMMER_DEPTH = 8;
    private static final int NEPHEW_SHARE = 32;

    /**
     * What to execute.
     *
     * @param header of the block, without its results
     * @param parent the state before
     * @param reward for who makes the block; absent for none at all, 0 touches the account
     */
    public record Input(
            ChainConfig config,
            BlockHeader header,
            ParentState parent,
            List<Transaction> transactions,
            Optional<List<Withdrawal>> withdrawals,
            List<Ommer> ommers,
            Optional<Wei> reward) {
        public Input {
            transactions = List.copyOf(transactions);
            withdrawals = withdrawals.map(List::copyOf);
            ommers = List.copyOf(ommers);
        }
    }

    /** @param delta generations between the block and its ommer */
    public record Ommer(Address beneficiary, int delta) {}

    /** A transaction that is not in the block. */
    public record Rejected(int index, String reason) {}

    /** @param included one for each receipt */
    public record Output(BlockResult result, List<Transaction> included, List<Rejected> rejected) {
        public Output {
            included = List.copyOf(included);
            rejected = List.copyOf(rejected);
        }

        public Hash transactionsRoot() {
            return BodyRules.transactionsRoot(included);
        }

        public Hash receiptsRoot() {
            return OrderedTrie.root(
                    result.receipts().stream().map(ReceiptCodec::encode).toList());
        }
    }

    /** Observes the transactions. */
    public interface Observer {
        /** @param index among those included */
        Tracer before(int index, Transaction transaction);

        /** The transaction observed last has ended. */
        void after();
    }

    private Transition() {}

    /** @throws InvalidBlockException when what comes before or after the transactions fails */
    public static Output execute(Input input, Observer observer) throws InvalidBlockException {
        BlockExecutions executions = new BlockExecutions(
                new ChainRules(input.config()),
                new EvmFactory(),
                parent -> new ValidatorSet(List.of()),
                Optional.empty());
        BlockExecution execution = executions.begin(input.header(), input.parent());
        List<Transaction> included = new ArrayList<>();
        List<Rejected> rejected = new ArrayList<>();
        for (int i = 0; i < input.transactions().size(); i++) {
            Transaction transaction = input.transactions().get(i);
            BlockExecution.Step step = execution.execute(transaction, observer.before(included.size(), transaction));
            observer.after();
            switch (step) {
                case BlockExecution.Step.Included in -> included.add(transaction);
                case BlockExecution.Step.Rejected out -> rejected.add(new Rejected(i, out.reason()));
                case BlockExecution.Step.Excluded out -> rejected.add(new Rejected(i, out.reason()));
            }
        }
        BlockResult result = execution.finishWith(input.withdrawals(), rewards(input));
        return new Output(result, included, rejected);
    }

    /** As {@link RewardRule}, for any reward and any distance. */
    private static List<RewardRule.Reward> rewards(Input input) {
        if (input.reward().isEmpty()) {
            return List.of();
        }
        BigInteger reward = input.reward().get().toBigInteger();
        BigInteger own = reward;
        List<RewardRule.Reward> rewards = new ArrayList<>();
        for (Ommer ommer : input.ommers()) {
            BigInteger share = reward.multiply(BigInteger.valueOf(OMMER_DEPTH - ommer.delta()))
                    .divide(BigInteger.valueOf(OMMER_DEPTH));
            rewards.add(new RewardRule.Reward(ommer.beneficiary(), Wei.of(share)));
            own = own.add(reward.divide(BigInteger.valueOf(NEPHEW_SHARE)));
        }
        rewards.add(new RewardRule.Reward(input.header().coinbase(), Wei.of(own)));
        return List.copyOf(rewards);
    }
}
