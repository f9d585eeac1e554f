package io.engram.client.chain;

import io.engram.client.consensus.ValidatorProvider;
import io.engram.client.consensus.ValidatorSet;
import io.engram.client.consensus.VoteSource;
import io.engram.client.state.StagedState;
import io.engram.client.state.WorldState;
import io.engram.evm.state.Journal;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Withdrawal;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.transaction.Transaction;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.Demand;
import io.engram.inference.opcode.InferenceTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes blocks on the head: of QBFT without seals, or of a chain after the merge. Thread-safe. */
public final class BlockBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(BlockBuilder.class);

    /** For {@link Attributes#models}. */
    public static final Predicate<Hash> ANY_MODEL = model -> true;

    private final Blockchain chain;
    private final ValidatorProvider validators;
    private final VoteSource votes;
    private final BlockExecutions executions;
    private final long targetGasLimit;

    /**
     * @param votes on validators that blocks carry
     * @param targetGasLimit where the gas limit moves to, as far as each block may
     */
    public BlockBuilder(
            Blockchain chain,
            ValidatorProvider validators,
            VoteSource votes,
            BlockExecutions executions,
            long targetGasLimit) {
        this.chain = chain;
        this.validators = validators;
        this.votes = votes;
        this.executions = executions;
        this.targetGasLimit = targetGasLimit;
    }

    /**
     * What shapes a block beside its transactions.
     *
     * @param timestamp seconds since 1970, more than the parent's
     * @param randomness prevRandao on chains after the merge; QBFT has a fixed value in its place
     * @param models that transactions of the block may call; those that this node cannot load are left out in any case, so that
     *     no round is lost over them
     * @param overrides for development networks
     */
    public record Attributes(
            Address coinbase,
            long timestamp,
            Hash randomness,
            int maxTransactions,
            Predicate<Hash> models,
            BlockOverrides overrides) {}

    private record Roots(Hash state, Hash transactions, ReceiptSummary receipts) {}

    /**
     * Executes as many of the source's transactions as fit, in its order.
     *
     * @throws io.engram.evm.LocalFaultException when this node cannot execute one of them at present
     */
    public BuiltBlock build(Attributes attributes, TransactionSource source) {
        return build(attributes, source, Cancellation.NEVER);
    }

    /**
     * As {@link #build(Attributes, TransactionSource)}.
     *
     * @throws io.engram.inference.engine.CancelledException when {@code cancellation} says so
     */
    public BuiltBlock build(Attributes attributes, TransactionSource source, Cancellation cancellation) {
        return build(attributes, source, journal -> {}, cancellation);
    }

    /**
     * As {@link #build(Attributes, TransactionSource)}, with a change of the state by decree before the first
     * transaction, for development networks: no other node can import such a block, since executing it does not give
     * its state root.
     */
    public BuiltBlock build(Attributes attributes, TransactionSource source, Consumer<Journal> decree) {
        return build(attributes, source, decree, Cancellation.NEVER);
    }

    private BuiltBlock build(
            Attributes attributes, TransactionSource source, Consumer<Journal> decree, Cancellation cancellation) {
        ChainStore.Head parent = chain.head();
        long number = parent.number() + 1;
        BlockRules rules = chain.rules().after(parent, attributes.timestamp());
        if (rules.isProofOfWork()) {
            throw new IllegalStateException("no blocks are made by proof of work");
        }
        WorldState states = chain.states();
        BlockHeader draft = DraftHeader.of(chain.rules(), parent, rules, attributes, targetGasLimit);
        ParentState onHead = new ParentState(
                parent,
                chain.requireStateAfter(parent.number()),
                chain.ancestors(),
                changes -> states.stage(changes).root());
        try {
            BlockExecution execution = executions.begin(draft, onHead, terms(attributes, cancellation));
            execution.change(decree);
            List<Transaction> included = fill(execution, source, attributes.maxTransactions(), cancellation);
            Optional<List<Withdrawal>> withdrawals =
                    rules.fork().isAtLeast(Fork.SHANGHAI) ? Optional.of(List.of()) : Optional.empty();
            BlockResult result = execution.finish(withdrawals, List.of());
            // Three roots that do not depend on each other
            ForkJoinTask<Hash> transactionsRoot =
                    ForkJoinPool.commonPool().submit(() -> BodyRules.transactionsRoot(included));
            ForkJoinTask<ReceiptSummary> receipts =
                    ForkJoinPool.commonPool().submit(() -> ReceiptSummary.of(result.receipts()));
            StagedState staged = states.stage(result.changes());
            BlockHeader header = complete(
                    draft,
                    parent.header(),
                    rules,
                    result,
                    new Roots(staged.root(), transactionsRoot.join(), receipts.join()));
            Block block = new Block(header, new BlockBody(included, List.of(), withdrawals));
            return new BuiltBlock(
                    new ExecutedBlock(
                            block,
                            chain.rules().hasher().hash(header),
                            parent.totalDifficulty().add(header.difficulty()),
                            result.receipts(),
                            result.inferences(),
                            result.outputs(),
                            result.inferenceSteps()),
                    staged);
        } catch (InvalidBlockException e) {
            throw new IllegalStateException("block " + number + " cannot be made: " + e.reason(), e);
        }
    }

    private InferenceTerms terms(Attributes attributes, Cancellation cancellation) {
        return InferenceTerms.of(Demand.consensus(cancellation))
                .admitting(attributes.models().and(executions::canRun));
    }

    private static List<Transaction> fill(
            BlockExecution execution, TransactionSource source, int maxTransactions, Cancellation cancellation) {
        List<Transaction> included = new ArrayList<>();
        while (included.size() < maxTransactions) {
            Optional<Transaction> next = source.peek();
            if (next.isEmpty()) {
                break;
            }
            cancellation.check();
            Transaction candidate = next.get();
            if (!candidate.fits(execution.gasLeft())
                    || source.inferenceGasFloor() > execution.inferenceGasLeft()
                    || candidate.encoded().size() > execution.bytesLeft()) {
                source.postponed();
                continue;
            }
            switch (execution.execute(candidate)) {
                case BlockExecution.Step.Included step -> {
                    included.add(candidate);
                    source.included();
                }
                case BlockExecution.Step.Rejected step -> source.rejected(step.reason());
                case BlockExecution.Step.Excluded step -> {
                    if (step.inferenceGas() > execution.inferenceGasLimit()) {
                        source.rejected(step.reason());
                    } else {
                        LOG.debug("Transaction {} waits: {}", candidate.hash(), step.reason());
                        source.noteInferenceGas(step.inferenceGas());
                        source.postponed();
                    }
                }
            }
        }
        return List.copyOf(included);
    }

    private BlockHeader complete(
            BlockHeader draft, BlockHeader parent, BlockRules rules, BlockResult result, Roots roots) {
        return new BlockHeader(
                draft.parentHash(),
                draft.ommersHash(),
                draft.coinbase(),
                roots.state(),
                roots.transactions(),
                roots.receipts().root(),
                roots.receipts().bloom(),
                draft.difficulty(),
                draft.number(),
                draft.gasLimit(),
                result.gasUsed(),
                draft.timestamp(),
                rules.isQbft() ? extraData(parent, rules, result) : Bytes.EMPTY,
                draft.mixHash(),
                draft.nonce(),
                draft.baseFee(),
                draft.withdrawalsRoot(),
                draft.blobGasUsed().map(unset -> result.blobGasUsed()),
                draft.excessBlobGas(),
                draft.parentBeaconBlockRoot(),
                result.requestsHash());
    }

    private static boolean isByContract(BlockRules rules) {
        return rules.seal() instanceof BlockRules.Seal.Qbft qbft
                && qbft.validatorContract().isPresent();
    }

    private Bytes extraData(BlockHeader parent, BlockRules rules, BlockResult result) {
        Hash vanity = rules.inference().isPresent() ? InferenceRoot.of(result.inferences()) : Hash.ZERO;
        ValidatorSet inForce = validators.after(parent);
        return QbftExtraDataCodec.encode(
                isByContract(rules)
                        ? new QbftExtraData(vanity, List.of(), Optional.empty(), 0, List.of())
                        : new QbftExtraData(
                                vanity, inForce.addresses(), votes.voteAfter(parent, inForce), 0, List.of()));
    }
}
