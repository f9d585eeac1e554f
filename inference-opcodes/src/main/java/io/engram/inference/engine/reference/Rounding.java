package io.engram.inference.engine.reference;

import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;

/** The rounding and the end of every operator (protocol A1). */
final class Rounding {

    private Rounding() {}

    /** {@code (v·M + 2^(s−1)) >> s} in 64 bits. */
    static long rescale(long value, int multiplier, int shift) {
        return (value * multiplier + (1L << (shift - 1))) >> shift;
    }

    static long rescale(long value, Rescale rescale) {
        return rescale(value, rescale.multiplier(), rescale.shift());
    }

    /** {@code floor((2a + b) / (2b))}: the quotient, half towards +∞. {@code b ≥ 1}. */
    static long divide(long a, long b) {
        return Math.floorDiv(2 * a + b, 2 * b);
    }

    /** Zero point and clamp. */
    static int finish(long value, OutputRange output) {
        return Math.clamp(value + output.zeroPoint(), output.lo(), output.hi());
    }

    /** An accumulator that the checker has proven to fit. */
    static int accumulator(long sum) {
        return Math.toIntExact(sum);
    }
}
