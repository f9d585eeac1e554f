package io.engram.inference.engine.vector;

import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** The end of the dense layers on int16: {@code finish(rescale(acc + bias·2^b, M, s))} of sums in 64 bits. */
final class WideEnding {

    /** What one channel takes in memory. */
    private static final int BYTES_PER_CHANNEL = 16;

    private final OutputRange output;
    private final long[] bias;
    private final int[] multipliers;
    private final byte[] shifts;

    /** @param in the operands of the layer */
    WideEnding(List<Value> in, int biasShift, OutputRange output) {
        this.output = output;
        this.bias = Arrays.stream(in.get(2).constant().orElseThrow().toArray())
                .mapToLong(value -> (long) value << biasShift)
                .toArray();
        this.multipliers = in.get(3).constant().orElseThrow().toArray();
        this.shifts = in.get(4).constant().orElseThrow().data();
    }

    /** What a layer with these operands takes in memory. */
    static long bytes(List<Value> in) {
        int units = in.get(1).shape().dimension(0);
        return PackedWeights.bytes(in.get(1).shape().last(), units) + (long) units * BYTES_PER_CHANNEL;
    }

    void store(long sum, int channel, Tensor result, int index) {
        int shift = shifts[channel];
        long value = ((sum + bias[channel]) * multipliers[channel] + (1L << (shift - 1))) >> shift;
        result.set(index, Math.clamp(value + output.zeroPoint(), output.lo(), output.hi()));
    }
}
