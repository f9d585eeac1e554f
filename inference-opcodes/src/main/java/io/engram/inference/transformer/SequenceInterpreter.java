package io.engram.inference.transformer;

import io.engram.inference.onnx.Layouts;
import io.engram.inference.onnx.Weights;
import java.util.Arrays;
import java.util.List;

/** Runs a {@link SequenceGraph} in floating point, sums in one order, so that every machine gets the same bits. */
final class SequenceInterpreter {

    private final SequenceGraph graph;
    private final float[][] values;

    SequenceInterpreter(SequenceGraph graph) {
        this.graph = graph;
        this.values = new float[graph.nodes().size()][];
        for (int i = 0; i < values.length; i++) {
            if (graph.nodes().get(i).operation() instanceof SequenceOperation.Constant(float[] constant)) {
                values[i] = constant;
            } else {
                values[i] = new float[graph.nodes().get(i).size()];
            }
        }
    }

    /**
     * @param inputs one array for each input of the graph
     * @return the value of every node; overwritten by the next run
     */
    float[][] run(List<int[]> inputs) {
        for (int i = 0; i < values.length; i++) {
            SequenceGraph.Node node = graph.nodes().get(i);
            if (node.operation() instanceof SequenceOperation.Input) {
                int[] given = inputs.get(graph.inputs().indexOf(i));
                for (int at = 0; at < given.length; at++) {
                    values[i][at] = given[at];
                }
            } else {
                compute(node, values[i]);
            }
        }
        return values;
    }

    private float[] operand(SequenceGraph.Node node, int index) {
        return values[node.inputs().get(index)];
    }

    private void compute(SequenceGraph.Node node, float[] out) {
        switch (node.operation()) {
            case SequenceOperation.Input _, SequenceOperation.Constant _ -> {}
            case SequenceOperation.Embedding embedding -> embed(embedding, operand(node, 0), out);
            case SequenceOperation.Dense(Weights weights) -> dense(weights, operand(node, 0), out);
            case SequenceOperation.Sum _ -> combine(node, out, false);
            case SequenceOperation.Product _ -> combine(node, out, true);
            case SequenceOperation.Norm norm -> normalise(norm, operand(node, 0), out);
            case SequenceOperation.Curve curve -> {
                float[] x = operand(node, 0);
                for (int i = 0; i < out.length; i++) {
                    out[i] = (float) curve.function().applyAsDouble(x[i]);
                }
            }
            case SequenceOperation.Factor(double factor) -> {
                float[] x = operand(node, 0);
                for (int i = 0; i < out.length; i++) {
                    out[i] = (float) (x[i] * factor);
                }
            }
            case SequenceOperation.MatMul(boolean transposed) -> multiply(node, transposed, out);
            case SequenceOperation.Softmax(boolean masked) -> softmax(node, masked, out);
            case SequenceOperation.Reshape _ -> System.arraycopy(operand(node, 0), 0, out, 0, out.length);
            case SequenceOperation.Transpose(int[] permutation) ->
                Layouts.transpose(operand(node, 0), graph.input(node, 0).shape(), permutation, out);
            case SequenceOperation.Mean _ -> mean(node, out);
        }
    }

    private static void embed(SequenceOperation.Embedding embedding, float[] rows, float[] out) {
        int width = embedding.width();
        for (int row = 0; row < rows.length; row++) {
            int from = (int) rows[row] * width;
            for (int i = 0; i < width; i++) {
                out[row * width + i] = (float) (embedding.levels()[from + i] * embedding.step());
            }
        }
    }

    private static void dense(Weights weights, float[] x, float[] out) {
        int outputs = weights.outputs();
        int inputs = weights.each();
        float[] w = weights.values();
        float[] sums = new float[outputs];
        for (int row = 0; row * outputs < out.length; row++) {
            System.arraycopy(weights.bias(), 0, sums, 0, outputs);
            for (int i = 0; i < inputs; i++) {
                addScaled(sums, w, i * outputs, x[row * inputs + i]);
            }
            System.arraycopy(sums, 0, out, row * outputs, outputs);
        }
    }

    private static void addScaled(float[] sums, float[] w, int at, float factor) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += w[at + i] * factor;
        }
    }

    private void combine(SequenceGraph.Node node, float[] out, boolean product) {
        float[] a = operand(node, 0);
        float[] b = operand(node, 1);
        int[] shapeA = graph.input(node, 0).shape();
        int[] shapeB = graph.input(node, 1).shape();
        boolean same = Arrays.equals(shapeA, shapeB);
        for (int i = 0; i < out.length; i++) {
            float x = a[same ? i : Folding.broadcast(i, node.shape(), shapeA)];
            float y = b[same ? i : Folding.broadcast(i, node.shape(), shapeB)];
            out[i] = product ? x * y : x + y;
        }
    }

    private static void normalise(SequenceOperation.Norm norm, float[] x, float[] out) {
        int width = norm.gains().length;
        for (int start = 0; start < x.length; start += width) {
            double sum = 0;
            for (int i = 0; i < width; i++) {
                sum += x[start + i];
            }
            double mean = norm.centred() ? sum / width : 0;
            double squares = 0;
            for (int i = 0; i < width; i++) {
                squares += (x[start + i] - mean) * (x[start + i] - mean);
            }
            double root = StrictMath.sqrt(squares / width + norm.epsilon());
            for (int i = 0; i < width; i++) {
                double normal = root == 0 ? 0 : (x[start + i] - mean) / root;
                out[start + i] = (float) (normal * norm.gains()[i] + norm.biases()[i]);
            }
        }
    }

    private void multiply(SequenceGraph.Node node, boolean transposed, float[] out) {
        float[] a = operand(node, 0);
        float[] b = operand(node, 1);
        int inner = graph.input(node, 0).last();
        int columns = node.last();
        int rows = node.shape()[node.shape().length - 2];
        for (int i = 0; i < out.length; i++) {
            int column = i % columns;
            int row = i / columns;
            int matrix = row / rows;
            int at = matrix * inner * columns + (transposed ? column * inner : column);
            int step = transposed ? 1 : columns;
            float sum = 0;
            for (int k = 0; k < inner; k++) {
                sum += a[row * inner + k] * b[at + k * step];
            }
            out[i] = sum;
        }
    }

    private void softmax(SequenceGraph.Node node, boolean masked, float[] out) {
        float[] x = operand(node, 0);
        int width = node.last();
        int[] maskShape = masked ? graph.input(node, 1).shape() : new int[0];
        for (int start = 0; start < out.length; start += width) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int i = start; i < start + width; i++) {
                if (!masked || operand(node, 1)[Folding.broadcast(i, node.shape(), maskShape)] != 0) {
                    largest = Math.max(largest, x[i]);
                }
            }
            double sum = 0;
            for (int i = start; i < start + width; i++) {
                boolean kept = !masked || operand(node, 1)[Folding.broadcast(i, node.shape(), maskShape)] != 0;
                out[i] = kept ? (float) StrictMath.exp(x[i] - largest) : 0;
                sum += out[i];
            }
            for (int i = start; i < start + width; i++) {
                out[i] = sum == 0 ? 0 : (float) (out[i] / sum);
            }
        }
    }

    private void mean(SequenceGraph.Node node, float[] out) {
        float[] x = operand(node, 0);
        float[] mask = operand(node, 1);
        double[] sums = new double[out.length];
        int kept = 0;
        for (int row = 0; row < mask.length; row++) {
            if (mask[row] != 0) {
                kept++;
                for (int i = 0; i < out.length; i++) {
                    sums[i] += x[row * out.length + i];
                }
            }
        }
        for (int i = 0; i < out.length; i++) {
            out[i] = kept == 0 ? 0 : (float) (sums[i] / kept);
        }
    }
}
