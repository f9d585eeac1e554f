package io.engram.evm.extension;

/**
 * One contributed opcode.
 *
 * <p>The interpreter has checked the stack bounds before {@link #execute} runs, and charges nothing itself.
 */
public interface ExtensionOperation {

    /** 0x00 to 0xff. */
    int opcode();

    String mnemonic();

    /** Words taken from the stack. */
    int stackIn();

    /** Words put back. */
    int stackOut();

    /**
     * Takes the operands from {@code frame}, charges gas, does the work and pushes the results.
     *
     * @return how the frame goes on
     * @throws io.engram.evm.LocalFaultException when this node cannot tell the result
     */
    Outcome execute(ExtensionFrame frame);

    enum Outcome {
        /** The next instruction runs. */
        CONTINUE,
        /** The frame halts exceptionally, out of gas. */
        OUT_OF_GAS,
        /** The transaction cannot be in this block at all: everything it did is undone and it is not included. */
        EXCLUDE_TRANSACTION
    }
}
