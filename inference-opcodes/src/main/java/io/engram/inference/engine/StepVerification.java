package io.engram.inference.engine;

import io.engram.inference.commitment.StepLeaf;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/**
 * One step computed again, by itself.
 *
 * @param leaf as recomputed
 * @param inputs all operands, constants too
 */
public record StepVerification(StepLeaf leaf, List<Tensor> inputs, Tensor output) {
    public StepVerification {
        inputs = List.copyOf(inputs);
    }
}
