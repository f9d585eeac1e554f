package io.engram.inference.engine.natives;

/** The kinds of native steps by the library's numbers. */
enum Kind {
    NOTHING(0),
    GEMM(1),
    STAGE(2),
    DEPTHWISE(3),
    MAX_POOL(4),
    AVERAGE_POOL(5),
    ADD(6),
    ELEMENTWISE(7),
    MAP(8),
    COPY(9),
    FILL(10),
    SOFTMAX(11),
    ARGMAX(12),
    PACK(13),
    ROW_TERMS(14),
    FLIP(15),
    HASH_LEAVES(16),
    HASH_TOP(17),
    SPLIT(18),
    QUANTISE_ROWS(19),
    PACK_PARTS(20),
    WIDE_GEMM(21),
    NORMALISE(22),
    INTERPOLATE(23),
    WIDE_SOFTMAX(24),
    MEAN(25),
    GATHER(26),
    EVICT(27);

    private final int code;

    Kind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
