package io.engram.inference.engine;

import io.engram.inference.model.Model;

/**
 * A way to compute the operators. All back ends give the same bits for every model that the checker accepts.
 * Implementations are safe for use by many threads.
 */
public interface Backend {

    /** For logs and metrics. */
    String name();

    /**
     * Prepares a model, for instance by packing its weights.
     *
     * @throws io.engram.evm.LocalFaultException when this node cannot
     */
    ModelProgram prepare(Model model);
}
