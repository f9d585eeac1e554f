package io.engram.inference.engine;

import io.engram.inference.tensor.Tensor;
import java.util.List;

/** A model made ready by a back end. Safe for use by many threads. */
public interface ModelProgram {

    /**
     * Computes one step alone, for instance to verify it.
     *
     * @param index of the node
     * @param inputs all operands in order, constants too; not written to
     * @return a tensor of the type and shape that the checker found
     * @throws io.engram.evm.LocalFaultException when this node cannot
     */
    Tensor step(int index, List<Tensor> inputs);

    /**
     * Computes the whole graph over one sample. {@link StepwiseRun} does it for back ends that know single steps only.
     *
     * @param inputs in graph order, as the checker expects them; not written to
     * @param commit whether to give the tensor root of every step's result
     * @param cancellation asked between steps
     * @throws io.engram.evm.LocalFaultException when this node cannot
     * @throws CancelledException when {@code cancellation} says so
     */
    ModelRun run(List<Tensor> inputs, boolean commit, Cancellation cancellation);

    /** Memory that stays held besides the model itself, in bytes: packed weights and their like. */
    long bytes();
}
