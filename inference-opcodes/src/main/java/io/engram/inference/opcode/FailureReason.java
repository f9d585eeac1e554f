package io.engram.inference.opcode;

/** Why a call gave status 0; the return data is the code as a 32-byte word. */
public enum FailureReason {
    UNKNOWN_MODEL(1),
    INACTIVE_MODEL(2),
    INPUT_SIZE(3),
    INPUT_RANGE(4),
    MALFORMED_SLOT(5),
    SYSTEM_CALL(6);

    private final int code;

    FailureReason(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
