package io.engram.inference.onnx;

import java.util.SplittableRandom;

/** One quantised network in the two ways that files have: float operators between pairs, and integer operators. */
public final class QuantizedNetworks {

    private QuantizedNetworks() {}

    public static int[] inputShape() {
        return new int[] {1, 3, 9, 7};
    }

    public static int[] firstShape() {
        return new int[] {6, 3, 3, 3};
    }

    public static int[] secondShape() {
        return new int[] {4, 6, 1, 1};
    }

    /** Weights of the first convolution, int8. */
    public static int[] first() {
        return integers(1, 6 * 27, -128, 127);
    }

    /** Weights of the second convolution as uint8 around 128. */
    public static int[] second() {
        return integers(2, 24, 3, 255);
    }

    private static int[] integers(long seed, int count, int low, int high) {
        SplittableRandom random = new SplittableRandom(seed);
        return random.ints(count, low, high + 1).toArray();
    }

    private static OnnxSketch constants() {
        return new OnnxSketch(new SplittableRandom(1), 1, 3, 9, 7)
                .floats("xs", 0.03125f)
                .bytes("xz", OnnxType.UINT8, new int[0], 120)
                .bytes("w1", OnnxType.INT8, firstShape(), first())
                .floats("w1s", 0.01f, 0.02f, 0.011f, 0.017f, 0.008f, 0.03f)
                .bytes("w1z", OnnxType.INT8, new int[] {6}, 0, 0, 0, 0, 0, 0)
                .ints("b1", 100, -2000, 3000, 5, 0, -900)
                .floats(
                        "b1s",
                        0.03125f * 0.01f,
                        0.03125f * 0.02f,
                        0.03125f * 0.011f,
                        0.03125f * 0.017f,
                        0.03125f * 0.008f,
                        0.03125f * 0.03f)
                .ints("b1z", 0, 0, 0, 0, 0, 0)
                .floats("ys", 0.25f)
                .bytes("yz", OnnxType.UINT8, new int[0], 30)
                .bytes("w2", OnnxType.UINT8, secondShape(), second())
                .floats("w2s", 0.004f)
                .bytes("w2z", OnnxType.UINT8, new int[0], 128)
                .floats("zs", 0.5f)
                .bytes("zz", OnnxType.UINT8, new int[0], 100);
    }

    /** QuantizeLinear and DequantizeLinear around every operator. */
    public static byte[] pairs() {
        return constants()
                .node("QuantizeLinear", "x xs xz", "xq")
                .node("DequantizeLinear", "xq xs xz", "xd")
                .node("DequantizeLinear", "w1 w1s w1z", "w1d", "axis", 0)
                .node("DequantizeLinear", "b1 b1s b1z", "b1d", "axis", 0)
                .node("Conv", "xd w1d b1d", "c", "pads", new long[] {1, 1, 1, 1})
                .node("QuantizeLinear", "c ys yz", "cq")
                .node("DequantizeLinear", "cq ys yz", "cd")
                .node("MaxPool", "cd", "p", "kernel_shape", new long[] {2, 2})
                .node("QuantizeLinear", "p ys yz", "pq")
                .node("DequantizeLinear", "pq ys yz", "pd")
                .node("DequantizeLinear", "w2 w2s w2z", "w2d")
                .node("Conv", "pd w2d", "d")
                .node("QuantizeLinear", "d zs zz", "dq")
                .node("DequantizeLinear", "dq zs zz", "y")
                .encode("y");
    }

    /** The same with QLinearConv and a pool of integers. */
    public static byte[] integers() {
        return constants()
                .node("QuantizeLinear", "x xs xz", "xq")
                .node("QLinearConv", "xq xs xz w1 w1s w1z ys yz b1", "cq", "pads", new long[] {1, 1, 1, 1})
                .node("MaxPool", "cq", "pq", "kernel_shape", new long[] {2, 2})
                .node("QLinearConv", "pq ys yz w2 w2s w2z zs zz", "dq")
                .node("DequantizeLinear", "dq zs zz", "y")
                .encode("y");
    }

    /** Integer sums that are scaled afterwards. */
    public static byte[] sums() {
        return constants()
                .floats("both", 0.03125f * 0.004f)
                .bytes("m", OnnxType.UINT8, new int[] {7, 5}, integers(3, 35, 1, 255))
                .node("QuantizeLinear", "x xs xz", "xq")
                .node("MatMulInteger", "xq m xz w2z", "s")
                .node("Cast", "s", "f", "to", 1)
                .node("Mul", "f both", "y")
                .encode("y");
    }
}
