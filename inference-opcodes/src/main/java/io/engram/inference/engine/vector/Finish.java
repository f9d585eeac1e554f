package io.engram.inference.engine.vector;

import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The end of an operator with sums of products: bias, {@code (v·M + 2^(s−1)) >> s}, zero point, clamp. One set of numbers
 * for each channel.
 */
final class Finish implements Ending {

    /** What one channel takes in memory. */
    static final int BYTES_PER_CHANNEL = 9;

    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_64;
    private static final int STEP = 8;

    /** 64-bit products and arithmetic shifts are vector instructions only there. */
    private static final boolean WIDE = Lanes.COUNT == 16;

    private final OutputRange output;
    private final int[] bias;
    private final int[] multipliers;

    /** Those of the model itself, never written to. */
    private final byte[] shifts;

    private Finish(OutputRange output, int[] bias, int[] multipliers, byte[] shifts) {
        this.output = output;
        this.bias = bias;
        this.multipliers = multipliers;
        this.shifts = shifts;
    }

    static Finish perChannel(OutputRange output, Tensor bias, Tensor multipliers, Tensor shifts) {
        return new Finish(output, bias.toArray(), multipliers.toArray(), shifts.data());
    }

    /** No bias and one rescaling for all channels. */
    static Finish uniform(OutputRange output, Rescale rescale, int channels) {
        int[] multipliers = new int[channels];
        byte[] shifts = new byte[channels];
        Arrays.fill(multipliers, rescale.multiplier());
        Arrays.fill(shifts, (byte) rescale.shift());
        return new Finish(output, new int[channels], multipliers, shifts);
    }

    @Override
    public void start(int[] sums, int at, int channel, int count) {
        System.arraycopy(bias, channel, sums, at, count);
    }

    /** The biases of a vector of channels. */
    IntVector bias(int channel) {
        return IntVector.fromArray(Lanes.INTS, bias, channel);
    }

    @Override
    public void end(int[] sums, int at, int channel, int count, Tensor result, int index) {
        int i = 0;
        if (WIDE) {
            LongVector one = LongVector.broadcast(LONGS, 1);
            LongVector zero = LongVector.broadcast(LONGS, output.zeroPoint());
            LongVector lo = LongVector.broadcast(LONGS, output.lo());
            LongVector hi = LongVector.broadcast(LONGS, output.hi());
            for (; i + STEP <= count; i += STEP) {
                LongVector shift = (LongVector)
                        ByteVector.fromArray(BYTES, shifts, channel + i).convertShape(VectorOperators.B2L, LONGS, 0);
                LongVector v = longs(sums, at + i)
                        .mul(longs(multipliers, channel + i))
                        .add(one.lanewise(VectorOperators.LSHL, shift).lanewise(VectorOperators.LSHR, 1))
                        .lanewise(VectorOperators.ASHR, shift)
                        .add(zero)
                        .max(lo)
                        .min(hi);
                ((IntVector) v.convertShape(VectorOperators.L2I, INTS, 0)).intoArray(sums, at + i);
            }
        }
        for (; i < count; i++) {
            int shift = shifts[channel + i];
            long v = ((long) sums[at + i] * multipliers[channel + i] + (1L << (shift - 1))) >> shift;
            sums[at + i] = Math.clamp(v + output.zeroPoint(), output.lo(), output.hi());
        }
        store(sums, at, count, result, index);
    }

    private static LongVector longs(int[] x, int at) {
        return (LongVector) IntVector.fromArray(INTS, x, at).convertShape(VectorOperators.I2L, LONGS, 0);
    }

    private static void store(int[] values, int at, int count, Tensor result, int index) {
        if (result.type() == TensorType.INT8) {
            byte[] data = result.data();
            for (int i = 0; i < count; i++) {
                data[index + i] = (byte) values[at + i];
            }
        } else {
            for (int i = 0; i < count; i++) {
                result.set(index + i, values[at + i]);
            }
        }
    }
}
