package io.engram.evm.interpreter;

/** Why a message call failed. */
public enum HaltReason {
    REVERT(Halt.REVERT, "execution reverted"),
    OUT_OF_GAS(Halt.OUT_OF_GAS, "out of gas"),
    INVALID_OPCODE(Halt.INVALID_OPCODE, "invalid opcode"),
    STACK_UNDERFLOW(Halt.STACK_UNDERFLOW, "stack underflow"),
    STACK_OVERFLOW(Halt.STACK_OVERFLOW, "stack limit reached"),
    INVALID_JUMP(Halt.INVALID_JUMP, "invalid jump destination"),
    STATIC_VIOLATION(Halt.STATIC_VIOLATION, "write protection"),
    RETURN_DATA_OUT_OF_BOUNDS(Halt.RETURN_DATA_OUT_OF_BOUNDS, "return data out of bounds"),
    INIT_CODE_TOO_LARGE(Halt.INIT_CODE_TOO_LARGE, "max initcode size exceeded"),
    CODE_TOO_LARGE(Halt.CODE_TOO_LARGE, "max code size exceeded"),
    INVALID_CODE_PREFIX(Halt.INVALID_CODE_PREFIX, "invalid code: must not begin with 0xef"),
    ADDRESS_COLLISION(Halt.ADDRESS_COLLISION, "contract address collision"),
    PRECOMPILE_FAILED(Halt.PRECOMPILE_FAILED, "precompile failed"),
    CALL_TOO_DEEP(Halt.CALL_TOO_DEEP, "max call depth exceeded"),
    INSUFFICIENT_BALANCE(Halt.INSUFFICIENT_BALANCE, "insufficient balance for transfer"),
    NONCE_OVERFLOW(Halt.NONCE_OVERFLOW, "nonce uint64 overflow"),
    EXCLUDED(Halt.EXCLUDE_TRANSACTION, "transaction excluded");

    private static final HaltReason[] BY_CODE = new HaltReason[Halt.EXCLUDE_TRANSACTION + 1];

    static {
        for (HaltReason reason : values()) {
            BY_CODE[reason.code] = reason;
        }
    }

    private final int code;
    private final String text;

    HaltReason(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** @param halt a code of {@link Halt} from {@link Halt#REVERT} on */
    public static HaltReason of(int halt) {
        return BY_CODE[halt];
    }

    public boolean isRevert() {
        return this == REVERT;
    }

    /** A short phrase for people, in the words other clients use where they agree. */
    public String text() {
        return text;
    }
}
