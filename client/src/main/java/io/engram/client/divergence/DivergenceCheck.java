package io.engram.client.divergence;

import io.engram.client.chain.BlockReplay;
import io.engram.client.chain.InferenceDisagreement;
import io.engram.client.chain.RunLog;
import io.engram.client.divergence.Divergence.Place;
import io.engram.client.divergence.Divergence.Verdict;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.rlp.RlpException;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.commitment.StepLeaf;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.Demand;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.StepVerification;
import io.engram.inference.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Looks into one disagreement: runs the block once more on the reference back end, finds the first inference and step in
 * which the wrong side differs from it, and computes that step alone. Blocks; thread-safe.
 */
final class DivergenceCheck {

    private static final Demand DEMAND = Demand.call(Cancellation.NEVER);

    private final BlockReplay reference;
    private final InferenceEngine referenceEngine;
    private final InferenceEngine own;
    private final ProposerTraces traces;

    /**
     * @param reference runs blocks on {@code referenceEngine}
     * @param own what this node judges blocks with; it remembers the steps that it computed
     */
    DivergenceCheck(
            BlockReplay reference, InferenceEngine referenceEngine, InferenceEngine own, ProposerTraces traces) {
        this.reference = reference;
        this.referenceEngine = referenceEngine;
        this.own = own;
        this.traces = traces;
    }

    /** None, when the state before the block is not here; one for each side that is wrong otherwise. */
    List<Divergence> check(InferenceDisagreement disagreement) {
        Optional<BlockReplay.Inferences> rerun = reference.inferences(disagreement.block());
        Optional<Hash> committed = committed(disagreement.block().header());
        if (rerun.isEmpty() || committed.isEmpty()) {
            return List.of();
        }
        List<InferenceReceipt> right = rerun.get().receipts();
        List<Divergence> found = new ArrayList<>();
        if (!disagreement.own().equals(right)) {
            found.add(ownFault(disagreement, rerun.get()));
        }
        if (!committed.get().equals(InferenceRoot.of(right))) {
            found.add(proposersFault(disagreement, rerun.get(), committed.get()));
        }
        return found;
    }

    private static Optional<Hash> committed(BlockHeader header) {
        try {
            return Optional.of(QbftExtraDataCodec.decode(header.extraData()).vanity());
        } catch (RlpException e) {
            return Optional.empty();
        }
    }

    private Divergence ownFault(InferenceDisagreement disagreement, BlockReplay.Inferences rerun) {
        OptionalInt first = StepLists.firstDifference(disagreement.own(), rerun.receipts());
        Finding finding = find(
                disagreement.own(),
                rerun,
                first,
                (model, inference) -> own.recordedSteps(
                        model, disagreement.own().get(inference).stepsRoot()));
        return report(disagreement, Verdict.THIS_NODE, finding);
    }

    private Divergence proposersFault(InferenceDisagreement disagreement, BlockReplay.Inferences rerun, Hash root) {
        Address proposer = disagreement.block().header().coinbase();
        Optional<List<InferenceReceipt>> theirs =
                traces.receipts(proposer, disagreement.hash()).flatMap(items -> StepLists.receipts(items, root));
        if (theirs.isEmpty()) {
            return report(
                    disagreement,
                    Verdict.PROPOSER,
                    Finding.nowhere("the proposer gave no receipts that its block commits to"));
        }
        List<InferenceReceipt> receipts = theirs.get();
        Finding finding = find(
                receipts,
                rerun,
                StepLists.firstDifference(receipts, rerun.receipts()),
                (model, inference) -> traces.steps(
                                proposer,
                                disagreement.hash(),
                                inference,
                                model.graph().nodes().size())
                        .flatMap(items ->
                                StepLists.steps(items, receipts.get(inference).stepsRoot())));
        return report(disagreement, Verdict.PROPOSER, finding);
    }

    /** The steps that the wrong side claims for an inference. */
    @FunctionalInterface
    private interface Claims {
        Optional<List<StepLeaf>> steps(Model model, int inference);
    }

    private record Finding(Optional<Place> place, String detail) {
        static Finding nowhere(String detail) {
            return new Finding(Optional.empty(), detail);
        }
    }

    private Finding find(
            List<InferenceReceipt> claimed, BlockReplay.Inferences rerun, OptionalInt first, Claims claims) {
        int inference = first.orElseThrow();
        if (inference >= claimed.size() || inference >= rerun.receipts().size()) {
            return Finding.nowhere(claimed.size() + " inferences where the reference makes "
                    + rerun.receipts().size());
        }
        InferenceReceipt wrong = claimed.get(inference);
        InferenceReceipt right = rerun.receipts().get(inference);
        if (!wrong.modelId().equals(right.modelId()) || !wrong.inputRoot().equals(right.inputRoot())) {
            return Finding.nowhere(
                    "inference " + inference + " is of model " + wrong.modelId() + " on input " + wrong.inputRoot()
                            + ", by the reference of model " + right.modelId() + " on " + right.inputRoot());
        }
        if (wrong.stepsRoot().equals(right.stepsRoot())) {
            return Finding.nowhere("inference " + inference
                    + " has the same steps, but another output root, gas, author or credit than by the reference");
        }
        RunLog.Run run = rerun.runs().get(inference);
        return claims.steps(run.model(), inference)
                .map(steps -> compare(inference, run, steps))
                .orElseGet(() -> Finding.nowhere("inference " + inference + " of model " + wrong.modelId()
                        + " differs, and no step list that its receipt commits to is to be had"));
    }

    private Finding compare(int inference, RunLog.Run run, List<StepLeaf> claimed) {
        Model model = run.model();
        OptionalInt first = StepLists.firstDifference(claimed, referenceEngine.steps(model, run.sample(), DEMAND));
        if (first.isEmpty()
                || first.getAsInt() >= claimed.size()
                || first.getAsInt() >= model.graph().nodes().size()) {
            return Finding.nowhere("inference " + inference + " has " + claimed.size() + " steps where model "
                    + model.id() + " has " + model.graph().nodes().size());
        }
        int step = first.getAsInt();
        StepVerification alone = referenceEngine.verifyStep(model, run.sample(), step, DEMAND);
        StepLeaf wrong = claimed.get(step);
        Place place = new Place(
                inference,
                model.id(),
                step,
                model.graph().nodes().get(step).operator().mnemonic(),
                wrong.outputRoots().isEmpty() ? Hash.ZERO : wrong.outputRoots().getFirst(),
                alone.leaf().outputRoots().getFirst());
        boolean sameOperands = wrong.inputRoots().equals(alone.leaf().inputRoots());
        return new Finding(
                Optional.of(place),
                sameOperands
                        ? "computed alone from the same operands the step gives another result"
                        : "the step is claimed on operands that no earlier step made");
    }

    private static Divergence report(InferenceDisagreement disagreement, Verdict verdict, Finding finding) {
        BlockHeader header = disagreement.block().header();
        return new Divergence(
                header.number(),
                disagreement.hash(),
                header.coinbase(),
                verdict,
                disagreement.backend(),
                finding.place(),
                finding.detail());
    }
}
