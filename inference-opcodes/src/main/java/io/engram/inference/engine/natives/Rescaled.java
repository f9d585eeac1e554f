package io.engram.inference.engine.natives;

import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;

/** One number through a rescale and a finish (docs/inference-spec.md, 1). */
final class Rescaled {

    private Rescaled() {}

    static int of(long value, Rescale rescale, OutputRange range) {
        long scaled = (value * rescale.multiplier() + (1L << (rescale.shift() - 1))) >> rescale.shift();
        return Math.clamp(scaled + range.zeroPoint(), range.lo(), range.hi());
    }
}
