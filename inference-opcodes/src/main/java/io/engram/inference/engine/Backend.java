package io.engram.inference.engine;

import io.engram.inference.model.Model;
import java.util.Optional;

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

    /** How many runs it computes beside each other in about the time of one; samples of a call are given to it so. */
    default int runsAtOnce() {
        return 1;
    }

    /** Waits until it is settled what computes, where that is still being tested. */
    default void awaitTested() throws InterruptedException {}

    /**
     * Says that results were wrong. A back end that has another to fall back on uses that one from now on.
     *
     * @param evidence how it was found out
     * @return whether another one computes from now on
     */
    default boolean distrust(String evidence) {
        return false;
    }

    /** Why a back end, or a device, is not used any more, if one was given up. */
    default Optional<String> fault() {
        return Optional.empty();
    }
}
