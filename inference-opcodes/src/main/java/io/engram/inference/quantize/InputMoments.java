package io.engram.inference.quantize;

import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatInterpreter;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.Shapes;
import io.engram.inference.onnx.Weights;
import io.engram.inference.onnx.Window;
import java.util.ArrayList;
import java.util.List;

/** Sums and sums of products of what a layer with weights reads for one element of its result, by group of channels. */
final class InputMoments {

    /** Most weights of an output; with more they are rounded to the nearest. */
    private static final int MAX_SIZE = 512;
    /** Products of one sample and layer; of larger ones some places are left out. */
    private static final long MAX_PRODUCTS = 1 << 24;
    /** Samples that are worked on at once; each takes as much memory as the result. */
    private static final int MAX_AT_ONCE = 8;
    /** Part of the mean variance that is added to each, so that there is always a solution. */
    private static final double DAMPING = 0.01;

    private final int[] from;
    private final int[] to;
    private final Window window;
    private final int groups;
    private final int size;
    private final double[][] sums;
    private final double[][] products;
    private long count;

    private InputMoments(int[] from, int[] to, Window window, int groups, int size) {
        this.from = from;
        this.to = to;
        this.window = window;
        this.groups = groups;
        this.size = size;
        this.sums = new double[groups][size];
        this.products = new double[groups][size * size];
    }

    /** For each node of the network how its weights are best rounded; the same for any number of threads. */
    static List<WeightRounding> roundings(
            FloatGraph network, List<List<float[]>> samples, ImportProgress progress, int threads) {
        List<List<InputMoments>> whole = all(network);
        int atOnce = Math.min(threads, MAX_AT_ONCE);
        // Each sample is summed by itself and the samples one after the other, however many are worked on at once.
        for (int start = 0; start < samples.size(); start += atOnce) {
            List<List<float[]>> some = samples.subList(start, Math.min(start + atOnce, samples.size()));
            List<List<List<InputMoments>>> parts = SampleRange.split(some.size(), atOnce, range -> {
                List<List<InputMoments>> moments = all(network);
                float[][] values = new FloatInterpreter(network).run(some.get(range.from()));
                for (int node = 0; node < values.length; node++) {
                    for (InputMoments layer : moments.get(node)) {
                        layer.add(values[network.nodes().get(node).inputs().getFirst()]);
                    }
                }
                progress.advance();
                return moments;
            });
            for (List<List<InputMoments>> part : parts) {
                for (int node = 0; node < part.size(); node++) {
                    if (!part.get(node).isEmpty()) {
                        whole.get(node).getFirst().add(part.get(node).getFirst());
                    }
                }
            }
        }
        return whole.stream()
                .map(layer -> layer.isEmpty()
                        ? WeightRounding.NEAREST
                        : layer.getFirst().rounding())
                .toList();
    }

    /** For each node none or one. */
    private static List<List<InputMoments>> all(FloatGraph network) {
        List<List<InputMoments>> all = new ArrayList<>();
        for (FloatNode node : network.nodes()) {
            int[] from = node.inputs().isEmpty()
                    ? node.shape()
                    : network.nodes().get(node.inputs().getFirst()).shape();
            all.add(
                    switch (node.operation()) {
                        case FloatOperation.Convolution layer ->
                            of(from, node.shape(), layer.window(), layer.groups(), layer.weights());
                        case FloatOperation.Dense layer -> {
                            int width = layer.weights().each();
                            int[] rows = {1, Shapes.size(from) / width, 1, width};
                            yield of(rows, rows, Window.POINT, 1, layer.weights());
                        }
                        default -> List.of();
                    });
        }
        return all;
    }

    private static List<InputMoments> of(int[] from, int[] to, Window window, int groups, Weights weights) {
        return weights.hasSteps() || weights.each() > MAX_SIZE
                ? List.of()
                : List.of(new InputMoments(from, to, window, groups, weights.each()));
    }

    private void add(float[] input) {
        int places = to[1] * to[2];
        long all = (long) places * groups * size * size / 2;
        // Odd, so that it does not stay in some columns of the image.
        int step = (int) (all / MAX_PRODUCTS) | 1;
        double[] patch = new double[size];
        for (int place = 0; place < places; place += step) {
            for (int group = 0; group < groups; group++) {
                read(input, place / to[2], place % to[2], group, patch);
                double[] sum = sums[group];
                double[] product = products[group];
                for (int i = 0; i < size; i++) {
                    double value = patch[i];
                    sum[i] += value;
                    for (int j = 0; j <= i; j++) {
                        product[i * size + j] += value * patch[j];
                    }
                }
            }
            count++;
        }
    }

    /** What the group reads for the element at a row and a column, in the order of the weights; padding is zero. */
    private void read(float[] input, int row, int column, int group, double[] patch) {
        int channels = from[3];
        int each = channels / groups;
        int i = 0;
        for (int ky = 0; ky < window.kernelHeight(); ky++) {
            int y = row * window.strideHeight() - window.top() + ky * window.dilationHeight();
            for (int kx = 0; kx < window.kernelWidth(); kx++) {
                int x = column * window.strideWidth() - window.left() + kx * window.dilationWidth();
                boolean inside = y >= 0 && y < from[1] && x >= 0 && x < from[2];
                for (int channel = 0; channel < each; channel++) {
                    patch[i++] = inside ? input[(y * from[2] + x) * channels + group * each + channel] : 0;
                }
            }
        }
    }

    private void add(InputMoments other) {
        count += other.count;
        for (int group = 0; group < groups; group++) {
            for (int i = 0; i < size; i++) {
                sums[group][i] += other.sums[group][i];
            }
            for (int i = 0; i < size * size; i++) {
                products[group][i] += other.products[group][i];
            }
        }
    }

    private WeightRounding rounding() {
        double[][] means = new double[groups][size];
        double[][] covariances = new double[groups][size * size];
        for (int group = 0; group < groups; group++) {
            double[] mean = means[group];
            double[] covariance = covariances[group];
            double variance = 0;
            for (int i = 0; i < size; i++) {
                mean[i] = sums[group][i] / count;
                for (int j = 0; j <= i; j++) {
                    covariance[i * size + j] = products[group][i * size + j] / count - mean[i] * mean[j];
                }
                variance += covariance[i * size + i] / size;
            }
            // Inputs that never change say nothing: then each weight goes to the nearest number.
            double damping = variance > 0 ? DAMPING * variance : 1;
            for (int i = 0; i < size; i++) {
                covariance[i * size + i] += damping;
            }
        }
        return WeightRounding.of(covariances, means);
    }
}
