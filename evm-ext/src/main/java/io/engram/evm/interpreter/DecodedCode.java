package io.engram.evm.interpreter;

/**
 * Code as {@link FastInterpreter} runs it. Immutable, its arrays included.
 *
 * @param tableId the opcode table it was decoded under
 * @param program block words and instructions, see {@link Instruction}
 * @param constants pushed words that take more than 32 bits, four limbs each
 * @param pcs the pc of the first opcode of each element of {@code program}
 * @param entries by pc: one more than the index of its block where a jump may lead to, the negative of that where only
 *     the return from a message call may, else 0
 */
record DecodedCode(String tableId, long[] program, long[] constants, int[] pcs, int[] entries) {

    private static final int OVERHEAD = 300;

    /** Bytes that it takes. */
    long size() {
        return OVERHEAD + 8L * (program.length + constants.length) + 4L * (pcs.length + entries.length);
    }

    /** Where a frame at {@code pc} starts or goes on; a block begins there. */
    int start(int pc) {
        if (pc == 0) {
            return 0;
        }
        int entry = Math.abs(entries[pc]);
        if (entry == 0) {
            throw new IllegalStateException("no block at " + pc);
        }
        return entry - 1;
    }
}
