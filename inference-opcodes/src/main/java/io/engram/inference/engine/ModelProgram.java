package io.engram.inference.engine;

import io.engram.inference.tensor.Tensor;
import java.util.List;

/** A model made ready by a back end. Safe for use by many threads. */
public interface ModelProgram {

    /**
     * Computes one step.
     *
     * @param index of the node
     * @param inputs all operands in order, constants too; not written to
     * @return a tensor of the type and shape that the checker found
     * @throws io.engram.evm.LocalFaultException when this node cannot
     */
    Tensor step(int index, List<Tensor> inputs);
}
