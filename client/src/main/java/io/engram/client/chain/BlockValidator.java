package io.engram.client.chain;

import io.engram.client.consensus.ValidatorProvider;
import io.engram.client.state.StagedState;
import io.engram.client.state.WorldState;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.transaction.Transaction;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.Demand;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.opcode.InferenceTerms;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Judges a block that someone else made: executes it on the head and compares everything its header commits to. Writes
 * nothing. Thread-safe; the judgement holds for the head at which it began.
 *
 * <p>A node suspects itself first (protocol F2): a block with inferences that is found invalid is judged again by a
 * referee, whose inferences run on the reference back end, and that judgement counts. Where the two differ, this node's
 * back end is given up.
 */
public final class BlockValidator {

    /** The judgement; a {@link io.engram.evm.LocalFaultException} instead of one means that this node cannot tell. */
    public sealed interface Result {

        /** @param state the block's state on the head, ready to be written with it */
        record Valid(ExecutedBlock block, StagedState state) implements Result {}

        record Invalid(String reason) implements Result {}
    }

    /**
     * Whom to ask before a block with inferences is called invalid.
     *
     * @param judge as this validator, with every inference on the reference back end
     * @param engine this node's, which is at fault where the two disagree
     * @param disagreements told of every block whose inferences this node's engine does not reproduce
     */
    public record Referee(BlockValidator judge, InferenceEngine engine, Disagreements disagreements) {}

    private final ChainRules rules;
    private final ChainStore store;
    private final WorldState states;
    private final ValidatorProvider validators;
    private final BlockProcessor processor;
    private final HeaderRules headers;
    private final OmmerRules ommers;
    private final Consumer<List<Transaction>> knownSenders;
    private final Optional<Referee> referee;

    /**
     * @param knownSenders gives senders recovered before to those of a block's transactions that it knows
     * @param referee absent in the referee itself, and where there are no inferences
     */
    public BlockValidator(
            ChainRules rules,
            ChainStore store,
            WorldState states,
            ValidatorProvider validators,
            BlockProcessor processor,
            Consumer<List<Transaction>> knownSenders,
            Optional<Referee> referee) {
        this.knownSenders = knownSenders;
        this.referee = referee;
        this.rules = rules;
        this.store = store;
        this.states = states;
        this.validators = validators;
        this.processor = processor;
        this.headers = new HeaderRules(rules);
        this.ommers = new OmmerRules(store, headers);
    }

    /** Judges a block that would follow the head. */
    public Result validate(Block block) {
        return appealed(judgeSealed(block, false), block, judge -> judge.judgeSealed(block, false));
    }

    /**
     * As {@link #validate(Block)}, but where only the seals are at fault goes on, so that the reason names what else is
     * wrong: one changed field spoils the seals as well. Costs an execution, which a peer must not be able to cause.
     */
    public Result diagnose(Block block) {
        return appealed(judgeSealed(block, true), block, judge -> judge.judgeSealed(block, true));
    }

    /**
     * As {@link #validate(Block)} without a model: its inferences give what is claimed of them. The claim hashes to the block's
     * inference root, so that nobody but those who sealed the block is believed; what it makes of state, receipts and gas is
     * compared as ever, and of no such verdict is there an appeal.
     *
     * @throws UnfoundedClaimException when the claim is about other inputs than the block's
     */
    Result validateAsClaimed(Block block, ClaimedInferences claim) {
        return judge(block, false, InferenceTerms.CONSENSUS.given(new ClaimReplay(claim)));
    }

    private Result judgeSealed(Block block, boolean beyondSeals) {
        return judge(block, beyondSeals, InferenceTerms.CONSENSUS);
    }

    private Result appealed(Result first, Block block, Function<BlockValidator, Result> judgement) {
        if (first instanceof Result.Valid || referee.isEmpty() || !holdsInferences(block.header())) {
            return first;
        }
        Result second = judgement.apply(referee.get().judge());
        if (second instanceof Result.Valid && first instanceof Result.Invalid wrong) {
            referee.get()
                    .engine()
                    .distrust("of block " + block.header().number() + " it found: " + wrong.reason()
                            + "; the reference agrees with the block");
        }
        return second;
    }

    private boolean holdsInferences(BlockHeader header) {
        return inferenceRoot(header).isPresent();
    }

    /** The root in a block's vanity; empty when the block holds no inferences. */
    Optional<Hash> inferenceRoot(BlockHeader header) {
        try {
            return rules.isQbft() ? Optional.of(vanity(header)).filter(root -> !root.isZero()) : Optional.empty();
        } catch (InvalidBlockException e) {
            return Optional.empty();
        }
    }

    /**
     * Judges a block that would follow the head and is yet to be sealed.
     *
     * @throws io.engram.inference.engine.CancelledException when {@code cancellation} says so
     */
    public Result validateProposal(Block block, Cancellation cancellation) {
        return appealed(judgeProposal(block, cancellation), block, judge -> judge.judgeProposal(block, cancellation));
    }

    private Result judgeProposal(Block block, Cancellation cancellation) {
        ChainStore.Head parent = store.head();
        try {
            headers.check(block.header(), parent);
            headers.checkUnsealed(block.header(), parent, validators.after(parent.header()));
            return execute(block, parent, InferenceTerms.of(Demand.consensus(cancellation)));
        } catch (InvalidBlockException e) {
            return new Result.Invalid(e.reason());
        }
    }

    /** Why the seals of a block that would follow the head do not make it final; empty when they do. */
    Optional<String> sealFault(BlockHeader header) {
        try {
            checkSeals(header, store.head());
            return Optional.empty();
        } catch (InvalidBlockException e) {
            return Optional.of(e.reason());
        }
    }

    private Result judge(Block block, boolean beyondSeals, InferenceTerms terms) {
        ChainStore.Head parent = store.head();
        Optional<String> sealFault = Optional.empty();
        try {
            headers.check(block.header(), parent);
            try {
                checkSeals(block.header(), parent);
            } catch (InvalidBlockException e) {
                if (!beyondSeals) {
                    throw e;
                }
                sealFault = Optional.of(e.reason());
            }
            Result.Valid valid = execute(block, parent, terms);
            return sealFault.<Result>map(Result.Invalid::new).orElse(valid);
        } catch (InvalidBlockException e) {
            String reason = e.reason();
            return new Result.Invalid(
                    sealFault.map(fault -> reason + "; and " + fault).orElse(reason));
        }
    }

    private void checkSeals(BlockHeader header, ChainStore.Head parent) throws InvalidBlockException {
        if (rules.isQbft()) {
            headers.checkSeals(header, parent, validators.after(parent.header()));
        }
    }

    private Result.Valid execute(Block block, ChainStore.Head parent, InferenceTerms terms)
            throws InvalidBlockException {
        BlockHeader header = block.header();
        BlockRules blockRules = rules.after(parent, header.timestamp());
        BodyRules.check(block, blockRules);
        ommers.check(block);
        recoverSenders(block.body().transactions());
        ParentState onHead = new ParentState(
                parent,
                states.head(),
                number -> store.canonicalHash(number).orElse(Hash.ZERO),
                changes -> states.stage(changes).root());
        BlockResult result = processor.execute(block, onHead, terms);
        if (terms.given().isEmpty()) {
            noteDisagreement(block, result, blockRules);
        }
        ForkJoinTask<ReceiptSummary> receipts =
                ForkJoinPool.commonPool().submit(() -> ReceiptSummary.of(result.receipts()));
        StagedState staged = states.stage(result.changes());
        compare(header, result, receipts.join(), blockRules);
        expect("state root", header.stateRoot(), staged.root());
        ExecutedBlock executed = new ExecutedBlock(
                block,
                rules.hasher().hash(header),
                parent.totalDifficulty().add(header.difficulty()),
                result.receipts(),
                result.inferences(),
                result.outputs(),
                result.inferenceSteps());
        return new Result.Valid(executed, staged);
    }

    /** Signatures are the costliest check and independent of each other; most were checked for the pool. */
    private void recoverSenders(List<Transaction> transactions) {
        transactions.parallelStream().forEach(Transaction::hash);
        knownSenders.accept(transactions);
        transactions.parallelStream().forEach(Transaction::sender);
    }

    private static void compare(BlockHeader header, BlockResult result, ReceiptSummary receipts, BlockRules rules)
            throws InvalidBlockException {
        expect("gas used", header.gasUsed(), result.gasUsed());
        if (header.blobGasUsed().isPresent()) {
            expect("blob gas used", header.blobGasUsed().get(), result.blobGasUsed());
        }
        expect("receipts root", header.receiptsRoot(), receipts.root());
        expect("logs bloom", header.logsBloom(), receipts.bloom());
        if (header.requestsHash().isPresent()) {
            expect("requests hash", header.requestsHash(), result.requestsHash());
        }
        if (rules.inference().isPresent() && rules.isQbft()) {
            expect("inference root in the vanity", vanity(header), InferenceRoot.of(result.inferences()));
        }
    }

    /** Before anything else is compared: another output may show in gas, logs or state as well. */
    private void noteDisagreement(Block block, BlockResult result, BlockRules blockRules) throws InvalidBlockException {
        if (referee.isEmpty() || blockRules.inference().isEmpty() || !blockRules.isQbft()) {
            return;
        }
        if (!vanity(block.header()).equals(InferenceRoot.of(result.inferences()))) {
            referee.get()
                    .disagreements()
                    .tell(new InferenceDisagreement(
                            block,
                            rules.hasher().hash(block.header()),
                            result.inferences(),
                            referee.get().engine().backend().name()));
        }
    }

    private static Hash vanity(BlockHeader header) throws InvalidBlockException {
        try {
            return QbftExtraDataCodec.decode(header.extraData()).vanity();
        } catch (RlpException e) {
            throw new InvalidBlockException("extra data is not that of QBFT: " + e.getMessage());
        }
    }

    private static void expect(String what, Object actual, Object expected) throws InvalidBlockException {
        if (!actual.equals(expected)) {
            throw InvalidBlockException.mismatch(what, actual, expected);
        }
    }
}
