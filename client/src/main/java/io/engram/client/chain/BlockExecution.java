package io.engram.client.chain;

import io.engram.client.consensus.ValidatorSet;
import io.engram.evm.BlockContext;
import io.engram.evm.interpreter.CallResult;
import io.engram.evm.state.Journal;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.BlockRoom;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.evm.transaction.TransactionProcessor;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.block.Requests;
import io.engram.genesis.block.Withdrawal;
import io.engram.genesis.fork.BlobSchedule;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.system.RequestContracts;
import io.engram.genesis.transaction.Transaction;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.opcode.InferenceBlock;
import io.engram.inference.opcode.InferenceTerms;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;

/** One block while it is executed, transaction by transaction. Used by one thread. */
final class BlockExecution {

    private static final BigInteger GWEI = BigInteger.valueOf(1_000_000_000);

    /** What became of one transaction. */
    sealed interface Step {

        record Included(Receipt receipt) implements Step {}

        /** It may not be in this block; nothing has changed. */
        record Rejected(String reason) implements Step {}

        /**
         * The block has not enough inference gas left for it; nothing has changed.
         *
         * @param inferenceGas that it needs at least
         */
        record Excluded(String reason, long inferenceGas) implements Step {}
    }

    private final ChainRules chain;
    private final BlockRules rules;
    private final BlockHeader header;
    private final ParentState parent;
    private final InferenceTerms terms;
    private final Optional<InferenceBlock> inference;
    private final Optional<BlockOperations> operations;
    private final Optional<ValidatorSet> validators;
    private final TransactionProcessor processor;
    private final Journal journal;
    private final BlockContext context;
    private final SystemCalls systemCalls;
    private final List<Receipt> receipts = new ArrayList<>();
    private long gasUsed;
    private long blobGasUsed;
    private long bytesUsed;

    BlockExecution(
            ChainRules chain,
            EvmFactory evm,
            BlockHeader header,
            ParentState parent,
            Optional<InferenceSupport> support,
            InferenceTerms terms,
            Optional<ValidatorSet> validators) {
        this.chain = chain;
        this.rules = chain.after(parent.head(), header.timestamp());
        this.header = header;
        this.parent = parent;
        this.validators = validators;
        this.terms = terms;
        this.inference = rules.inference()
                .map(config -> support.orElseThrow().begin(config, parent.state(), header.number(), terms));
        this.operations = inference.map(BlockOperations::new);
        this.processor = evm.processor(operations);
        this.journal = evm.journal(parent.state());
        this.context = BlockContexts.of(header, rules, parent.ancestors());
        this.systemCalls = new SystemCalls(rules, journal, this::systemCall);
    }

    private Optional<Bytes> systemCall(Address target, Bytes input) {
        CallResult result = processor.systemCall(target, input, context, journal, Tracer.NONE);
        return result.succeeded() ? Optional.of(result.output()) : Optional.empty();
    }

    /** Everything that comes before the first transaction. */
    void begin() throws InvalidBlockException {
        if (isDaoFork()) {
            editState(() -> DaoFork.apply(journal));
        }
        if (rules.inference().isPresent() && rules.inference().get().activationBlock() == header.number()) {
            editState(() -> InferenceActivation.apply(journal, rules.inference().get()));
        }
        systemCalls.atStart(header);
        if (rules.inference().isPresent() && validators.isPresent()) {
            systemCalls.writeValidators(validators.get(), parent.state());
        }
    }

    private boolean isDaoFork() {
        return chain.forks().daoForkBlock().isPresent()
                && chain.forks().daoForkBlock().getAsLong() == header.number();
    }

    /** Changes the state by decree. */
    void change(Consumer<Journal> decree) {
        editState(() -> decree.accept(journal));
    }

    /** An edit of the state outside of transactions, ended as a transaction is. */
    private void editState(Runnable edit) {
        journal.beginTransaction();
        edit.run();
        journal.commitTransaction(rules.fork().isAtLeast(Fork.SPURIOUS_DRAGON));
    }

    long gasLeft() {
        return header.gasLimit() - gasUsed;
    }

    /** Bytes of transactions that the block can still take. */
    long bytesLeft() {
        return BodyRules.MAX_TRANSACTION_BYTES - bytesUsed;
    }

    /** Of the whole block; {@link Long#MAX_VALUE} where inference is not active. */
    long inferenceGasLimit() {
        return rules.inference().map(config -> config.blockInferenceGasLimit()).orElse(Long.MAX_VALUE);
    }

    long inferenceGasLeft() {
        return Math.min(terms.gasLimit(), inferenceGasLimit()) - inferenceGasUsed();
    }

    /** By the transactions included so far. */
    long inferenceGasUsed() {
        return inference.map(InferenceBlock::gasUsed).orElse(0L);
    }

    /** Of the transactions included so far. */
    List<InferenceReceipt> inferences() {
        return inference.map(InferenceBlock::receipts).orElse(List.of());
    }

    /** Executes the next transaction of the block. */
    Step execute(Transaction transaction) {
        return execute(transaction, Tracer.NONE);
    }

    /** As {@link #execute(Transaction)}, observed. */
    Step execute(Transaction transaction, Tracer tracer) {
        Optional<Address> sender = transaction.sender();
        if (sender.isEmpty()) {
            return new Step.Rejected("the signature is no one's");
        }
        if (rules.fork().isAtLeast(Fork.HOMESTEAD) && !transaction.hasLowS()) {
            return new Step.Rejected("the signature has a high s (EIP-2)");
        }
        BlockRoom room =
                new BlockRoom(gasLeft(), rules.blobs().map(BlobSchedule::maxGas).orElse(0L) - blobGasUsed);
        TransactionOutcome outcome = processor.process(transaction, sender.get(), context, room, journal, tracer);
        return switch (outcome) {
            case TransactionOutcome.Executed executed -> new Step.Included(include(transaction, executed));
            case TransactionOutcome.Rejected rejected ->
                new Step.Rejected(rejected.reason() + ": " + rejected.detail());
            case TransactionOutcome.Excluded excluded -> excluded(excluded);
        };
    }

    private Step.Excluded excluded(TransactionOutcome.Excluded excluded) {
        long needed = operations.map(BlockOperations::refusedInferenceGas).orElse(0L);
        return new Step.Excluded(
                needed == 0
                        ? excluded.reason()
                        : "it needs at least " + needed + " inference gas, the block has " + inferenceGasLeft()
                                + " left of " + inferenceGasLimit(),
                needed);
    }

    private Receipt include(Transaction transaction, TransactionOutcome.Executed executed) {
        inference.ifPresent(
                block -> executed.extensions().forEach(extension -> block.include(extension, receipts.size())));
        gasUsed += executed.gasUsed();
        blobGasUsed += executed.blobGasUsed();
        bytesUsed += transaction.encoded().size();
        Optional<Hash> stateRoot = rules.fork().isAtLeast(Fork.BYZANTIUM)
                ? Optional.empty()
                : Optional.of(parent.rootAfter().apply(journal.changes()));
        Receipt receipt = new Receipt(transaction.type(), executed.succeeded(), stateRoot, gasUsed, executed.logs());
        receipts.add(receipt);
        return receipt;
    }

    /** Everything that comes after the last transaction. */
    BlockResult finish(Optional<List<Withdrawal>> withdrawals, List<BlockHeader> ommers) throws InvalidBlockException {
        return finishWith(withdrawals, rewards(ommers));
    }

    /** As {@link #finish}, with rewards that the rules do not decide. */
    BlockResult finishWith(Optional<List<Withdrawal>> withdrawals, List<RewardRule.Reward> rewards)
            throws InvalidBlockException {
        editState(() -> {
            withdrawals.orElse(List.of()).forEach(this::withdraw);
            rewards.forEach(reward -> journal.addBalance(reward.beneficiary(), reward.amount()));
        });
        // The calls that collect requests change the state.
        Optional<List<Bytes>> requests =
                rules.fork().isAtLeast(Fork.PRAGUE) ? Optional.of(requests()) : Optional.empty();
        return new BlockResult(
                journal.changes(),
                receipts,
                inferences(),
                inference.map(InferenceBlock::outputs).orElse(List.of()),
                inference.map(InferenceBlock::steps).orElse(0L),
                gasUsed,
                blobGasUsed,
                requests);
    }

    private List<Bytes> requests() throws InvalidBlockException {
        Optional<RequestContracts> contracts = chain.requestContracts();
        if (contracts.isEmpty()) {
            return List.of();
        }
        List<Bytes> requests = new ArrayList<>();
        Bytes deposits = DepositRequests.of(receipts, contracts.get().deposits());
        requests.add(Bytes.concatenate(Bytes.of(Requests.DEPOSIT_TYPE), deposits));
        requests.addAll(systemCalls.atEnd(contracts.get()));
        return List.copyOf(requests);
    }

    private void withdraw(Withdrawal withdrawal) {
        BigInteger gwei = new BigInteger(Long.toUnsignedString(withdrawal.amount()));
        journal.addBalance(withdrawal.address(), Wei.of(gwei.multiply(GWEI)));
    }

    private List<RewardRule.Reward> rewards(List<BlockHeader> ommers) {
        Wei reward = switch (rules.seal()) {
            case BlockRules.Seal.Qbft qbft -> qbft.reward();
            case BlockRules.Seal.Unchecked unchecked -> RewardRule.blockReward(rules.fork());
        };
        return RewardRule.of(reward, context.coinbase(), header.number(), ommers);
    }
}
