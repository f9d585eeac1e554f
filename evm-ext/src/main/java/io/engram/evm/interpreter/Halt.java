package io.engram.evm.interpreter;

/**
 * How a run of the interpreter ends, as codes, since an exception would cost more than most contracts. Operations that
 * return the gas left report a halt as the negative of its code.
 */
public final class Halt {

    /** The frame waits for the message call that it has asked for. */
    public static final int CALL = 1;

    public static final int STOP = 2;
    public static final int RETURN = 3;
    public static final int SELF_DESTRUCT = 4;

    /** Undoes the frame but keeps gas and output. */
    public static final int REVERT = 5;

    /** From here on halts are exceptional: the frame is undone and its gas is gone. */
    public static final int EXCEPTIONAL = 6;

    public static final int OUT_OF_GAS = 6;
    public static final int INVALID_OPCODE = 7;
    public static final int STACK_UNDERFLOW = 8;
    public static final int STACK_OVERFLOW = 9;
    public static final int INVALID_JUMP = 10;
    public static final int STATIC_VIOLATION = 11;
    public static final int RETURN_DATA_OUT_OF_BOUNDS = 12;
    public static final int INIT_CODE_TOO_LARGE = 13;
    public static final int CODE_TOO_LARGE = 14;
    public static final int INVALID_CODE_PREFIX = 15;
    public static final int ADDRESS_COLLISION = 16;
    public static final int PRECOMPILE_FAILED = 17;

    /** The message call never started. */
    public static final int CALL_TOO_DEEP = 18;

    public static final int INSUFFICIENT_BALANCE = 19;
    public static final int NONCE_OVERFLOW = 20;

    /** An extension demands that the whole transaction be left out of the block. */
    public static final int EXCLUDE_TRANSACTION = 21;

    private Halt() {}

    public static boolean isSuccess(int halt) {
        return halt < REVERT;
    }
}
