package io.engram.inference.engine;

import io.engram.genesis.Hash;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/**
 * What came of a whole graph over one sample.
 *
 * @param outputs in graph order
 * @param resultRoots the tensor root of every step's result, in node order; empty when they were not asked for
 */
public record ModelRun(List<Tensor> outputs, List<Hash> resultRoots) {
    public ModelRun {
        outputs = List.copyOf(outputs);
        resultRoots = List.copyOf(resultRoots);
    }
}
