package io.engram.client.chain;

import io.engram.genesis.Hash;
import io.engram.inference.commitment.InferenceOutput;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.engine.Inference;
import io.engram.inference.model.ModelFacts;
import io.engram.inference.opcode.GivenInferences;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Gives the calls of one block their claimed results, in order. Used by one thread, for one execution. */
final class ClaimReplay implements GivenInferences {

    private final ClaimedInferences claim;
    private int next;

    ClaimReplay(ClaimedInferences claim) {
        this.claim = claim;
    }

    @Override
    public List<Inference> next(Hash modelId, ModelFacts facts, byte[] samples) {
        int size = facts.inputBytes();
        List<Inference> results = new ArrayList<>(samples.length / size);
        for (int from = 0; from < samples.length; from += size) {
            results.add(take(modelId, facts, Arrays.copyOfRange(samples, from, from + size)));
        }
        return List.copyOf(results);
    }

    private Inference take(Hash modelId, ModelFacts facts, byte[] sample) {
        int index = next++;
        if (index >= claim.receipts().size()) {
            throw new UnfoundedClaimException(
                    "the block has more inferences than the " + claim.receipts().size() + " that are claimed");
        }
        InferenceReceipt receipt = claim.receipts().get(index);
        InferenceOutput output = claim.outputs().get(index);
        boolean sameCall = receipt.modelId().equals(modelId)
                && output.data().length == facts.outputBytes()
                && output.form().inputRoot(sample).equals(Optional.of(receipt.inputRoot()));
        if (!sameCall) {
            throw new UnfoundedClaimException(
                    "what is claimed of inference " + index + " is not about this call of model " + modelId);
        }
        return new Inference(
                output.form(), output.data(), receipt.inputRoot(), receipt.outputRoot(), receipt.stepsRoot(), 0);
    }
}
