package io.engram.inference.quantize;

import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;

/**
 * The tables whose product is {@code e^−x} of an int16 distance, as {@link io.engram.inference.operator.WideSoftmax} reads
 * them.
 *
 * @param coarse by the upper eight bits
 * @param fine by the lower eight bits
 */
public record Exponentials(Tensor coarse, Tensor fine) {

    private static final int TABLE = 256;

    /** @param step what one level of the int16 is worth */
    public static Exponentials of(double step) {
        return new Exponentials(table(TABLE * step), table(step));
    }

    /** {@code e^(−i·step)} for 256 numbers, 1 as the largest int16. */
    private static Tensor table(double step) {
        int[] entries = new int[TABLE];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = (int) StrictMath.rint(StrictMath.exp(-i * step) * TensorType.INT16.max());
        }
        return Tensor.ofVector(TensorType.INT16, entries);
    }
}
