package io.engram.inference.opcode;

import io.engram.inference.model.Model;

/** Hears of the inferences of a block while it is executed, on the executing thread. */
@FunctionalInterface
public interface InferenceObserver {

    /**
     * Before a call of a model is computed that has been paid for and fits the block.
     *
     * @param samples the call data: one sample after another; not to be written to
     */
    void running(Model model, byte[] samples);
}
