package io.engram.client.chain;

import io.engram.genesis.Hash;
import io.engram.inference.commitment.InferenceOutput;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.InferenceRoot;
import java.util.List;
import java.util.Optional;

/**
 * What a block's inferences gave, as somebody says: receipts that hash to the block's inference root, and outputs that hash to
 * the receipts. Whether each was computed on the inputs that the block has shows when the block is executed with it.
 */
public final class ClaimedInferences {

    private final List<InferenceReceipt> receipts;
    private final List<InferenceOutput> outputs;

    private ClaimedInferences(List<InferenceReceipt> receipts, List<InferenceOutput> outputs) {
        this.receipts = List.copyOf(receipts);
        this.outputs = List.copyOf(outputs);
    }

    /**
     * Holds a claim against the root that the block's seals vouch for.
     *
     * @return empty when it is not what the root commits to
     */
    public static Optional<ClaimedInferences> of(
            List<InferenceReceipt> receipts, List<InferenceOutput> outputs, Hash inferenceRoot) {
        if (receipts.size() != outputs.size() || !InferenceRoot.of(receipts).equals(inferenceRoot)) {
            return Optional.empty();
        }
        for (int i = 0; i < receipts.size(); i++) {
            if (!outputs.get(i).root().equals(Optional.of(receipts.get(i).outputRoot()))) {
                return Optional.empty();
            }
        }
        return Optional.of(new ClaimedInferences(receipts, outputs));
    }

    List<InferenceReceipt> receipts() {
        return receipts;
    }

    List<InferenceOutput> outputs() {
        return outputs;
    }
}
