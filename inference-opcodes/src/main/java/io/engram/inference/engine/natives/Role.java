package io.engram.inference.engine.natives;

/** What a thread does in a run, by the library's numbers. */
enum Role {
    /** Every step. */
    ALONE(0),
    /** All but hash steps. */
    COMPUTE(1),
    /** Hash steps only, as soon as what they read is there; shared by all that have nothing else to do. */
    HASH(2);

    private final int code;

    Role(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
