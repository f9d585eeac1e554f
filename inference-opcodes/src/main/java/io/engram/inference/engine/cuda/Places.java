package io.engram.inference.engine.cuda;

import io.engram.inference.engine.UnsupportedModelException;

/**
 * Hands out places in the arena, one behind the other. Nothing is used twice: what a run makes stays until it has been
 * hashed at the end, and the limit on hashed bytes bounds it.
 */
final class Places {

    /** Bytes that a place counts. */
    static final int UNIT = 16;

    /** Every buffer starts at a multiple, a transaction of memory. */
    static final int ALIGNMENT = 256;

    private long size;

    static long align(long offset) {
        return (offset + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Rounds up to where the next buffer starts. */
    long mark() {
        size = align(size);
        return size;
    }

    /** @return a place as records name it */
    int allocate(long bytes) {
        long offset = mark();
        if (offset / UNIT > Integer.MAX_VALUE) {
            throw new UnsupportedModelException("more results than kernels can address");
        }
        size = Math.addExact(offset, bytes);
        return (int) (offset / UNIT);
    }

    static long offset(int place) {
        return (long) place * UNIT;
    }

    /** So far; nothing lies behind the last buffer. */
    long bytes() {
        return size;
    }
}
