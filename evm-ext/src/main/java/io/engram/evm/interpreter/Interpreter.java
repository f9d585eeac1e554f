package io.engram.evm.interpreter;

/** Runs the code of a frame. Stateless and thread-safe. */
public interface Interpreter {

    /**
     * Runs from {@link Frame#pc} until the frame halts or asks for a message call. Pc, stack pointer and gas are stored
     * in the frame whenever the halt is not exceptional.
     *
     * @return a code of {@link Halt}
     */
    int run(Frame frame);
}
