package io.engram.inference.opcode;

/** Where a model stands in its life (protocol E2, E3), at the end of the parent block. */
public enum ModelStatus {
    UNKNOWN(0),
    ANNOUNCED(1),
    ATTESTED(2),
    ACTIVE(3),
    RETIRED(4),
    SUSPENDED(5);

    private final int code;

    ModelStatus(int code) {
        this.code = code;
    }

    /** What MODELINFO gives. */
    public int code() {
        return code;
    }
}
