package io.engram.inference.engine.cuda;

import java.util.Locale;

/** The entries of the PTX, each under its name in lower case. */
enum Kernel {
    GEMM64(256, 40),
    GEMM32(64, 40),
    GEMV(128, 40),
    PACK(128, 9),
    SUMS(128, 10),
    QUANTISE_ROWS(128, 6),
    WIDE(64, 24),
    DEPTHWISE(128, 24),
    MAX_POOL(128, 22),
    AVERAGE_POOL(128, 22),
    BINARY(128, 35),
    UNARY(128, 16),
    MOVE(128, 30),
    GATHER(128, 9),
    MEAN(128, 34),
    SOFTMAX(128, 10),
    WIDE_SOFTMAX(128, 25),
    ARGMAX(128, 5),
    NORMALISE(128, 17),
    HASH_LEAVES(32, 6),
    HASH_TREES(64, 6),
    HASH_ROOTS(32, 6);

    /** Threads that work together on a row or an element. */
    static final int WARP = 32;

    private final int threads;
    private final int fields;

    Kernel(int threads, int fields) {
        this.threads = threads;
        this.fields = fields;
    }

    /** Its name in the PTX. */
    String entry() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Threads of a block. */
    int threads() {
        return threads;
    }

    /** 32-bit fields of its record. */
    int fields() {
        return fields;
    }
}
