package io.engram.evm.interpreter;

/**
 * Numbers and layout of decoded instructions.
 *
 * <p>An instruction is one long: its number in bits 0 to 7, {@code y} (a stack offset in longs, an opcode or a small
 * constant) in bits 8 to 23, {@code x} (an unsigned constant, the index of a large one, or a jump's destination) in
 * bits 32 to 63. A block word precedes each basic block: {@link #BLOCK}, the longs the block needs on the stack in bits
 * 8 to 20, the longs that may be on it in bits 21 to 33, the fixed gas of all its opcodes above.
 */
final class Instruction {

    static final int BLOCK = 0;
    static final int STOP = 1;
    static final int ADD = 2;
    static final int MUL = 3;
    static final int SUB = 4;
    static final int DIV = 5;
    static final int SDIV = 6;
    static final int MOD = 7;
    static final int SMOD = 8;
    static final int SIGNEXTEND = 9;
    static final int ADDMOD = 10;
    static final int MULMOD = 11;
    static final int EXP = 12;
    static final int LT = 13;
    static final int GT = 14;
    static final int SLT = 15;
    static final int SGT = 16;
    static final int EQ = 17;
    static final int AND = 18;
    static final int OR = 19;
    static final int XOR = 20;
    static final int BYTE = 21;
    static final int SHL = 22;
    static final int SHR = 23;
    static final int SAR = 24;
    static final int ISZERO = 25;
    static final int NOT = 26;

    /** One word for one word, without dynamic gas; y is the opcode. */
    static final int REPLACE = 27;

    /** Pushes something of frame, transaction or block; y is the opcode. */
    static final int ENVIRONMENT = 28;

    static final int CALLER = 29;
    static final int CALLVALUE = 30;
    static final int CALLDATASIZE = 31;
    static final int CALLDATALOAD = 32;
    static final int KECCAK256 = 33;

    /** BALANCE and its kin; y is the opcode. */
    static final int ACCOUNT = 34;

    /** Copies to memory; y is the opcode, x the longs taken from the stack. */
    static final int COPY = 35;

    /** x is the longs taken from the stack, y the number of topics. */
    static final int LOG = 36;

    static final int SLOAD = 37;
    static final int SSTORE = 38;
    static final int TSTORE = 39;
    static final int MLOAD = 40;
    static final int MSTORE = 41;
    static final int MSTORE8 = 42;
    static final int POP = 43;
    static final int JUMP = 44;
    static final int JUMPI = 45;
    static final int GAS = 46;

    /** x is the value. */
    static final int PUSH = 47;

    /** x is the index of the value among the constants. */
    static final int PUSH_CONSTANT = 48;

    /** y is the distance in longs. */
    static final int DUP = 49;

    static final int SWAP = 50;

    /** Message calls and creations; y is the opcode, x the longs taken from the stack. */
    static final int CALL = 51;

    /** RETURN and REVERT; y is the halt code. */
    static final int RETURN = 52;

    static final int SELFDESTRUCT = 53;

    /** A contributed operation; y is the opcode. */
    static final int EXTENSION = 54;

    /** Goes on in the plain interpreter, which fails. */
    static final int UNDEFINED = 55;

    // Several opcodes in one

    static final int JUMP_TO = 56;
    static final int JUMPI_TO = 57;
    static final int ISZERO_JUMPI = 58;

    /** A comparison, then a jump if it holds; the five in the order of {@link #LT} to {@link #EQ}. */
    static final int LT_JUMPI = 59;

    static final int GT_JUMPI = 60;
    static final int SLT_JUMPI = 61;
    static final int SGT_JUMPI = 62;
    static final int EQ_JUMPI = 63;

    /** A comparison, then a jump if it does not hold. */
    static final int NOT_LT_JUMPI = 64;

    static final int NOT_GT_JUMPI = 65;
    static final int NOT_SLT_JUMPI = 66;
    static final int NOT_SGT_JUMPI = 67;
    static final int NOT_EQ_JUMPI = 68;
    static final int PUSH_ADD = 69;
    static final int PUSH_MUL = 70;
    static final int PUSH_AND = 71;
    static final int PUSH_EQ = 72;
    static final int PUSH_SHL = 73;
    static final int PUSH_SHR = 74;
    static final int PUSH_SAR = 75;
    static final int PUSH_MLOAD = 76;
    static final int PUSH_MSTORE = 77;

    /** PUSH, SWAP1, SUB: takes x from the top. */
    static final int PUSH_SUB = 78;

    static final int CONSTANT_AND = 79;

    /** SWAP1, SUB. */
    static final int REVERSE_SUB = 80;

    /** y and x are the distances. */
    static final int DUP_DUP = 81;

    static final int DUP_PUSH = 82;
    static final int PUSH_DUP = 83;

    /** x is pushed first, then y. */
    static final int PUSH_PUSH = 84;

    static final int DUP_ADD = 85;
    static final int DUP_MLOAD = 86;
    static final int SWAP_POP = 87;
    static final int POP_POP = 88;
    static final int POP_JUMP = 89;

    /** DUP and a JUMP to x. */
    static final int DUP_JUMP_TO = 90;

    static final int DUP_ISZERO = 91;
    static final int DUP_AND = 92;
    static final int DUP_OR = 93;
    static final int DUP_XOR = 94;
    static final int DUP_EQ = 95;
    static final int DUP_SUB = 96;
    static final int SWAP_JUMP = 97;
    static final int SWAP_SWAP = 98;
    static final int SWAP_SWAP_POP = 99;
    static final int PUSH_SWAP = 100;

    private static final int NEED_SHIFT = 8;
    private static final int MOST_SHIFT = 21;
    private static final int GAS_SHIFT = 34;
    private static final int LENGTH_MASK = 0x1fff;

    private Instruction() {}

    static long of(int number, int y, long x) {
        return number | (long) y << 8 | x << 32;
    }

    static int number(long instruction) {
        return (int) instruction & 0xff;
    }

    static int y(long instruction) {
        return (int) (instruction >>> 8) & 0xffff;
    }

    static long x(long instruction) {
        return instruction >>> 32;
    }

    /**
     * @param need longs needed, at most 8191
     * @param most longs that may be there
     */
    static long block(int need, int most, long gas) {
        return BLOCK | (long) need << NEED_SHIFT | (long) most << MOST_SHIFT | gas << GAS_SHIFT;
    }

    static long need(long block) {
        return block >>> NEED_SHIFT & LENGTH_MASK;
    }

    static long most(long block) {
        return block >>> MOST_SHIFT & LENGTH_MASK;
    }

    static long gas(long block) {
        return block >>> GAS_SHIFT;
    }
}
