package io.engram.inference.onnx;

import java.util.List;

/**
 * Runs a float graph on one sample. Every sum has one order and no fused multiply–add, so the result is the same bits on
 * every machine. Not thread-safe: one interpreter a thread.
 */
public final class FloatInterpreter {

    private final FloatGraph graph;
    private final float[][] values;

    public FloatInterpreter(FloatGraph graph) {
        this.graph = graph;
        this.values = new float[graph.nodes().size()][];
        for (int i = 0; i < values.length; i++) {
            FloatNode node = graph.nodes().get(i);
            values[i] = node.operation() instanceof FloatOperation.Constant(float[] constant)
                    ? constant
                    : new float[Shapes.size(node.shape())];
        }
    }

    /**
     * Computes every node.
     *
     * @param inputs one array a graph input, of its size
     * @return the value of each node, valid until the next call
     */
    public float[][] run(List<float[]> inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            float[] target = values[graph.inputs().get(i)];
            System.arraycopy(inputs.get(i), 0, target, 0, target.length);
        }
        for (int i = 0; i < values.length; i++) {
            FloatNode node = graph.nodes().get(i);
            compute(node, values[i]);
            if (node.grid().isPresent()) {
                round(node.grid().get(), values[i], values[i]);
            }
        }
        return values;
    }

    /** The first output of the last run. */
    public float[] output() {
        return values[graph.outputs().getFirst()];
    }

    private void compute(FloatNode node, float[] out) {
        switch (node.operation()) {
            case FloatOperation.Input ignored -> {}
            case FloatOperation.Constant ignored -> {}
            case FloatOperation.Convolution convolution -> convolution(convolution, node, out);
            case FloatOperation.Dense dense -> dense(dense, in(node, 0), out);
            case FloatOperation.Sum(Clamp clamp) -> binary(node, out, false, clamp);
            case FloatOperation.Product(Clamp clamp) -> binary(node, out, true, clamp);
            case FloatOperation.MaxPool(Window window) -> pool(window, true, node, out);
            case FloatOperation.AveragePool(Window window) -> pool(window, false, node, out);
            case FloatOperation.Pointwise(ScalarFunction function) -> {
                float[] x = in(node, 0);
                for (int i = 0; i < out.length; i++) {
                    out[i] = (float) function.apply(x[i]);
                }
            }
            case FloatOperation.ChannelAffine(float[] scale, float[] shift) -> {
                float[] x = in(node, 0);
                for (int i = 0; i < out.length; i++) {
                    out[i] = x[i] * scale[i % scale.length] + shift[i % scale.length];
                }
            }
            case FloatOperation.Round(Grid grid) -> round(grid, in(node, 0), out);
            case FloatOperation.Reshape ignored -> System.arraycopy(in(node, 0), 0, out, 0, out.length);
            case FloatOperation.Transpose(int[] permutation) ->
                Layouts.transpose(in(node, 0), shape(node, 0), permutation, out);
            case FloatOperation.Concat(int axis) -> concat(node, axis, out);
            case FloatOperation.Pad pad -> pad(pad, node, out);
            case FloatOperation.Softmax ignored -> softmax(in(node, 0), node.channels(), out);
            case FloatOperation.ArgMax ignored -> argMax(in(node, 0), shape(node, 0), out);
        }
    }

    private static void round(Grid grid, float[] x, float[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = grid.round(x[i]);
        }
    }

    private float[] in(FloatNode node, int number) {
        return values[node.inputs().get(number)];
    }

    private int[] shape(FloatNode node, int number) {
        return graph.nodes().get(node.inputs().get(number)).shape();
    }

    private void convolution(FloatOperation.Convolution convolution, FloatNode node, float[] out) {
        Window window = convolution.window();
        float[] x = in(node, 0);
        int[] from = shape(node, 0);
        int height = from[1];
        int width = from[2];
        int channels = from[3];
        int outputs = node.shape()[3];
        int groupInputs = channels / convolution.groups();
        int groupOutputs = outputs / convolution.groups();
        float[] weights = convolution.weights().values();
        int tap = groupInputs * outputs;
        for (int oy = 0; oy < node.shape()[1]; oy++) {
            for (int ox = 0; ox < node.shape()[2]; ox++) {
                int cell = (oy * node.shape()[2] + ox) * outputs;
                System.arraycopy(convolution.weights().bias(), 0, out, cell, outputs);
                for (int ky = 0; ky < window.kernelHeight(); ky++) {
                    int y = oy * window.strideHeight() - window.top() + ky * window.dilationHeight();
                    for (int kx = 0; kx < window.kernelWidth(); kx++) {
                        int xx = ox * window.strideWidth() - window.left() + kx * window.dilationWidth();
                        if (y < 0 || y >= height || xx < 0 || xx >= width) {
                            continue;
                        }
                        int base = (ky * window.kernelWidth() + kx) * tap;
                        int source = (y * width + xx) * channels;
                        if (groupInputs == 1 && groupOutputs == 1) {
                            multiply(x, source, weights, base, out, cell, outputs);
                        } else {
                            for (int group = 0; group < convolution.groups(); group++) {
                                int first = group * groupOutputs;
                                for (int c = 0; c < groupInputs; c++) {
                                    axpy(
                                            x[source + group * groupInputs + c],
                                            weights,
                                            base + c * outputs + first,
                                            out,
                                            cell + first,
                                            groupOutputs);
                                }
                            }
                        }
                    }
                }
                clamp(out, cell, outputs, convolution.clamp());
            }
        }
    }

    private static void dense(FloatOperation.Dense dense, float[] x, float[] out) {
        float[] weights = dense.weights().values();
        int outputs = dense.weights().outputs();
        int inputs = dense.weights().each();
        for (int row = 0; row * outputs < out.length; row++) {
            System.arraycopy(dense.weights().bias(), 0, out, row * outputs, outputs);
            for (int i = 0; i < inputs; i++) {
                axpy(x[row * inputs + i], weights, i * outputs, out, row * outputs, outputs);
            }
        }
        clamp(out, 0, out.length, dense.clamp());
    }

    /** {@code out += a · w}: the compiler turns this form into vector code without changing any element's order. */
    private static void axpy(float a, float[] w, int wStart, float[] out, int outStart, int length) {
        for (int i = 0; i < length; i++) {
            out[outStart + i] += a * w[wStart + i];
        }
    }

    private static void multiply(float[] x, int xStart, float[] w, int wStart, float[] out, int outStart, int length) {
        for (int i = 0; i < length; i++) {
            out[outStart + i] += x[xStart + i] * w[wStart + i];
        }
    }

    private static void clamp(float[] out, int start, int length, Clamp clamp) {
        if (!clamp.isNone()) {
            for (int i = start; i < start + length; i++) {
                out[i] = clamp.apply(out[i]);
            }
        }
    }

    private void binary(FloatNode node, float[] out, boolean product, Clamp clamp) {
        float[] a = in(node, 0);
        float[] b = in(node, 1);
        int[] indexA = Layouts.broadcastIndex(shape(node, 0), node.shape());
        int[] indexB = Layouts.broadcastIndex(shape(node, 1), node.shape());
        for (int i = 0; i < out.length; i++) {
            float left = a[indexA.length == 0 ? i : indexA[i]];
            float right = b[indexB.length == 0 ? i : indexB[i]];
            out[i] = clamp.apply(product ? left * right : left + right);
        }
    }

    private void pool(Window window, boolean max, FloatNode node, float[] out) {
        float[] x = in(node, 0);
        int[] from = shape(node, 0);
        int channels = from[3];
        for (int oy = 0; oy < node.shape()[1]; oy++) {
            for (int ox = 0; ox < node.shape()[2]; ox++) {
                int cell = (oy * node.shape()[2] + ox) * channels;
                for (int c = 0; c < channels; c++) {
                    out[cell + c] = max ? Float.NEGATIVE_INFINITY : 0;
                }
                int cells = 0;
                for (int ky = 0; ky < window.kernelHeight(); ky++) {
                    int y = oy * window.strideHeight() - window.top() + ky * window.dilationHeight();
                    for (int kx = 0; kx < window.kernelWidth(); kx++) {
                        int xx = ox * window.strideWidth() - window.left() + kx * window.dilationWidth();
                        if (y < 0 || y >= from[1] || xx < 0 || xx >= from[2]) {
                            continue;
                        }
                        cells++;
                        int source = (y * from[2] + xx) * channels;
                        for (int c = 0; c < channels; c++) {
                            float value = x[source + c];
                            out[cell + c] = max ? Math.max(out[cell + c], value) : out[cell + c] + value;
                        }
                    }
                }
                for (int c = 0; c < channels && !max && cells > 0; c++) {
                    out[cell + c] /= cells;
                }
            }
        }
    }

    private void concat(FloatNode node, int axis, float[] out) {
        int inner = 1;
        for (int i = axis + 1; i < node.shape().length; i++) {
            inner *= node.shape()[i];
        }
        int row = node.shape()[axis] * inner;
        int offset = 0;
        for (int number = 0; number < node.inputs().size(); number++) {
            float[] x = in(node, number);
            int part = shape(node, number)[axis] * inner;
            for (int outer = 0; outer * row < out.length; outer++) {
                System.arraycopy(x, outer * part, out, outer * row + offset, part);
            }
            offset += part;
        }
    }

    private void pad(FloatOperation.Pad pad, FloatNode node, float[] out) {
        java.util.Arrays.fill(out, pad.value());
        float[] x = in(node, 0);
        int[] from = shape(node, 0);
        int[] steps = Shapes.strides(node.shape());
        int[] at = new int[from.length];
        int start = 0;
        for (int axis = 0; axis < from.length; axis++) {
            start += pad.before()[axis] * steps[axis];
        }
        for (int i = 0; i < x.length; i++) {
            int target = start;
            for (int axis = 0; axis < at.length; axis++) {
                target += at[axis] * steps[axis];
            }
            out[target] = x[i];
            Layouts.advance(at, from);
        }
    }

    private static void softmax(float[] x, int length, float[] out) {
        for (int row = 0; row < out.length; row += length) {
            double top = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < length; i++) {
                top = Math.max(top, x[row + i]);
            }
            double sum = 0;
            for (int i = 0; i < length; i++) {
                sum += StrictMath.exp(x[row + i] - top);
            }
            for (int i = 0; i < length; i++) {
                out[row + i] = (float) (StrictMath.exp(x[row + i] - top) / sum);
            }
        }
    }

    private static void argMax(float[] x, int[] from, float[] out) {
        int length = from[from.length - 1];
        for (int row = 0; row < out.length; row++) {
            int best = 0;
            for (int i = 1; i < length; i++) {
                best = x[row * length + i] > x[row * length + best] ? i : best;
            }
            out[row] = best;
        }
    }
}
