package io.engram.inference.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Small networks that between them use every supported operator; the output is "y". */
public final class SketchedNetworks {

    private SketchedNetworks() {}

    /** Models by name; the same every time. */
    public static Map<String, byte[]> all() {
        SplittableRandom random = new SplittableRandom(7);
        Map<String, byte[]> models = new LinkedHashMap<>();
        models.put(
                "convolution, batch norm, relu, pools, flatten, gemm",
                new OnnxSketch(random, -1, 3, 12, 10)
                        .weights("w", 0.3, 8, 3, 3, 3)
                        .weights("b", 0.2, 8)
                        .node("Conv", "x w b", "c", "pads", new long[] {1, 1, 1, 1})
                        .uniform("gamma", 0.5f, 1.5f, 8)
                        .weights("beta", 0.2, 8)
                        .weights("mean", 0.2, 8)
                        .uniform("variance", 0.5f, 1.5f, 8)
                        .node("BatchNormalization", "c gamma beta mean variance", "n")
                        .node("Relu", "n", "r")
                        .node("MaxPool", "r", "p", "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2})
                        .node(
                                "AveragePool",
                                "p",
                                "a",
                                "kernel_shape",
                                new long[] {3, 3},
                                "pads",
                                new long[] {1, 1, 1, 1},
                                "count_include_pad",
                                1)
                        .node("Flatten", "a", "f")
                        .weights("d", 0.1, 5, 240)
                        .weights("e", 0.1, 5)
                        .node("Gemm", "f d e", "y", "transB", 1)
                        .encode("y"));
        models.put(
                "strides, dilations, groups, depthwise, auto_pad, clip, global pool, reshape, matmul",
                new OnnxSketch(random, 1, 4, 13, 13)
                        .weights("w1", 0.3, 8, 2, 3, 3)
                        .node(
                                "Conv",
                                "x w1",
                                "c1",
                                "group",
                                2,
                                "dilations",
                                new long[] {2, 2},
                                "auto_pad",
                                "SAME_UPPER")
                        .floats("zero", 0)
                        .floats("six", 6)
                        .node("Clip", "c1 zero six", "r1")
                        .weights("w2", 0.4, 8, 1, 3, 3)
                        .node("Conv", "r1 w2", "c2", "group", 8, "strides", new long[] {2, 2}, "auto_pad", "SAME_LOWER")
                        .node("LeakyRelu", "c2", "r2", "alpha", 0.1f)
                        .node("GlobalAveragePool", "r2", "g")
                        .longs("flat", 0, -1)
                        .node("Reshape", "g flat", "f")
                        .weights("d", 0.4, 8, 6)
                        .node("MatMul", "f d", "m")
                        .weights("e", 0.2, 6)
                        .node("Add", "m e", "y")
                        .encode("y"));
        models.put(
                "residual, gate, tables, concat, transpose, argmax",
                new OnnxSketch(random, 1, 6, 8, 8)
                        .weights("w1", 0.2, 6, 6, 3, 3)
                        .node("Conv", "x w1", "c1", "pads", new long[] {1, 1, 1, 1})
                        .node("Add", "c1 x", "s")
                        .node("Tanh", "s", "t")
                        .node("GlobalAveragePool", "s", "g")
                        .weights("w2", 0.5, 6, 6, 1, 1)
                        .node("Conv", "g w2", "c2")
                        .node("HardSigmoid", "c2", "h")
                        .node("Mul", "t h", "m")
                        .node("HardSwish", "s", "hs")
                        .node("Sigmoid", "s", "sg")
                        .node("Mul", "s sg", "silu")
                        .node("Concat", "m hs silu", "k", "axis", 1)
                        .node("Transpose", "k", "tr", "perm", new long[] {0, 2, 3, 1})
                        .longs("rows", 1, 64, 18)
                        .node("Reshape", "tr rows", "y")
                        .encode("y"));
        models.put(
                "input with channels last, pad, identity, dropout, softmax",
                new OnnxSketch(random, 1, 8, 8, 3)
                        .node("Transpose", "x", "t", "perm", new long[] {0, 3, 1, 2})
                        .longs("pads", 0, 0, 1, 1, 0, 0, 1, 1)
                        .node("Pad", "t pads", "p")
                        .weights("w", 0.4, 4, 3, 3, 3)
                        .node("Conv", "p w", "c", "strides", new long[] {2, 2})
                        .node("Identity", "c", "i")
                        .node("Dropout", "i", "d")
                        .floats("half", 0.5f)
                        .node("Mul", "d half", "u")
                        .node("Relu", "u", "r")
                        .longs("more", 0, 2, 0, 0, 0, 1, 0, 0)
                        .node("Pad", "r more", "q")
                        .node("Transpose", "q", "back", "perm", new long[] {0, 2, 3, 1})
                        .longs("rows", 1, 16, 7)
                        .node("Reshape", "back rows", "f")
                        .node("Softmax", "f", "y")
                        .encode("y"));
        models.put(
                "scale for each channel without a layer before it, position constants, mean over the image",
                new OnnxSketch(random, 1, 5, 6, 6)
                        .uniform("scale", 0.5f, 2, 1, 5, 1, 1)
                        .node("Mul", "x scale", "a")
                        .weights("place", 0.5, 1, 5, 6, 6)
                        .node("Add", "a place", "b")
                        .node("ReduceMean", "b", "m", "axes", new long[] {2, 3}, "keepdims", 0)
                        .uniform("each", 0.5f, 2, 5)
                        .node("Sub", "m each", "s")
                        .node("Div", "s each", "y")
                        .encode("y"));
        models.put(
                "largest index of a dense layer",
                new OnnxSketch(random, -1, 20)
                        .weights("w", 0.4, 20, 7)
                        .weights("b", 0.2, 7)
                        .node("Gemm", "x w b", "g")
                        .node("ArgMax", "g", "y", "axis", 1, "keepdims", 0)
                        .encode("y"));
        return models;
    }
}
