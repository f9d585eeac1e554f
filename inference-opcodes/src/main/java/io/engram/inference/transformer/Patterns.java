package io.engram.inference.transformer;

import io.engram.inference.onnx.OnnxTensor;
import io.engram.inference.onnx.Weights;
import java.util.Optional;

/** Layers that exporters write as several nodes. Each search gives nothing where the nodes are something else. */
final class Patterns {

    private Patterns() {}

    /** A dense layer and its operand. */
    record DenseLayer(Expression operand, Weights weights) {}

    /** A norm and its operand. */
    record NormLayer(Expression operand, SequenceOperation.Norm norm) {}

    /** A product with constant weights, its bias in the same node or none. */
    static Optional<DenseLayer> dense(Expression value) {
        if (!value.is("Add")) {
            return product(value);
        }
        for (int side = 0; side < 2; side++) {
            Expression bias = value.input(side);
            if (bias.isConstant()) {
                Optional<DenseLayer> layer = product(value.input(1 - side));
                if (layer.isPresent()
                        && bias.constant().orElseThrow().count()
                                == layer.get().weights().outputs()) {
                    float[] values = bias.constant().orElseThrow().floats();
                    return Optional.of(new DenseLayer(
                            layer.get().operand(), layer.get().weights().withBias(values)));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<DenseLayer> product(Expression value) {
        if (value.is("MatMul") && value.input(1).isConstant() && value.input(1).rank() == 2) {
            float[] values = value.input(1).constant().orElseThrow().floats();
            return Optional.of(new DenseLayer(
                    value.input(0), Weights.of(values, new float[value.input(1).shape()[1]])));
        }
        return value.is("Mul")
                ? dynamic(value.input(0), value.input(1)).or(() -> dynamic(value.input(1), value.input(0)))
                : Optional.empty();
    }

    /** {@code Cast(MatMulInteger(q, W, zq, zW)) · (sq · sW)} with q, sq and zq from one DynamicQuantizeLinear. */
    private static Optional<DenseLayer> dynamic(Expression sums, Expression scales) {
        if (!sums.is("Cast") || !sums.input(0).is("MatMulInteger") || !scales.is("Mul")) {
            return Optional.empty();
        }
        Expression product = sums.input(0);
        Expression levels = product.input(0);
        int constantSide = scales.input(0).isConstant() ? 0 : 1;
        Expression dynamicScale = scales.input(1 - constantSide);
        boolean fits = levels.is("DynamicQuantizeLinear")
                && levels.output() == 0
                && dynamicScale.is("DynamicQuantizeLinear")
                && dynamicScale.output() == 1
                && dynamicScale.input(0) == levels.input(0)
                && product.inputs().size() >= 3
                && product.input(2).is("DynamicQuantizeLinear")
                && product.input(2).output() == 2
                && product.input(2).input(0) == levels.input(0)
                && product.input(1).isConstant()
                && product.input(1).rank() == 2
                && scales.input(constantSide).isConstant();
        if (!fits) {
            return Optional.empty();
        }
        int outputs = product.input(1).shape()[1];
        long[] zeros = product.inputs().size() > 3
                ? product.input(3).constant().map(OnnxTensor::longs).orElse(new long[0])
                : new long[1];
        float[] steps = scales.input(constantSide).constant().orElseThrow().floats();
        if ((zeros.length != 1 && zeros.length != outputs) || (steps.length != 1 && steps.length != outputs)) {
            return Optional.empty();
        }
        long[] integers = product.input(1).constant().orElseThrow().longs();
        float[] values = new float[integers.length];
        float[] each = new float[outputs];
        for (int i = 0; i < values.length; i++) {
            int channel = i % outputs;
            each[channel] = steps[steps.length == 1 ? 0 : channel];
            values[i] = (integers[i] - zeros[zeros.length == 1 ? 0 : channel]) * each[channel];
        }
        boolean symmetric = java.util.Arrays.stream(zeros).allMatch(zero -> zero == 0);
        return Optional.of(new DenseLayer(
                levels.input(0), new Weights(values, new float[outputs], symmetric ? each : new float[0])));
    }

    /** {@code (x − mean) / √(mean((x − mean)²) + ε) · γ + β}, or one node that says so. */
    static Optional<NormLayer> norm(Expression value) {
        if (value.is("LayerNormalization")
                && value.inputs().size() >= 2
                && value.input(1).isConstant()) {
            float[] gains = value.input(1).constant().orElseThrow().floats();
            float[] biases = value.inputs().size() > 2
                    ? value.input(2).constant().map(OnnxTensor::floats).orElse(new float[0])
                    : new float[gains.length];
            return normOf(value.input(0), gains, biases, value.real("epsilon", 1e-5));
        }
        if (!value.is("Add")) {
            return Optional.empty();
        }
        for (int side = 0; side < 2; side++) {
            Expression scaled = value.input(1 - side);
            if (value.input(side).isConstant() && scaled.is("Mul")) {
                for (int other = 0; other < 2; other++) {
                    Expression ratio = scaled.input(1 - other);
                    if (scaled.input(other).isConstant() && ratio.is("Div")) {
                        Optional<NormLayer> found = ratio(
                                ratio,
                                scaled.input(other).constant().orElseThrow().floats(),
                                value.input(side).constant().orElseThrow().floats());
                        if (found.isPresent()) {
                            return found;
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<NormLayer> ratio(Expression ratio, float[] gains, float[] biases) {
        Expression centred = ratio.input(0);
        Expression root = ratio.input(1);
        if (!centred.is("Sub") || !isMeanOf(centred.input(1), centred.input(0)) || !root.is("Sqrt")) {
            return Optional.empty();
        }
        Expression sum = root.input(0);
        if (!sum.is("Add") || !sum.input(1).isScalar()) {
            return Optional.empty();
        }
        Expression variance = sum.input(0);
        boolean squares = variance.is("ReduceMean")
                && (variance.input(0).is("Pow")
                                && variance.input(0).input(0) == centred
                                && variance.input(0).input(1).isScalar()
                                && variance.input(0).input(1).scalar() == 2
                        || variance.input(0).is("Mul")
                                && variance.input(0).input(0) == centred
                                && variance.input(0).input(1) == centred)
                && isMeanOf(variance, variance.input(0));
        return squares ? normOf(centred.input(0), gains, biases, sum.input(1).scalar()) : Optional.empty();
    }

    private static boolean isMeanOf(Expression mean, Expression value) {
        int rank = value.rank();
        return mean.is("ReduceMean")
                && mean.input(0) == value
                && mean.rank() == rank
                && java.util.Arrays.equals(
                        java.util.Arrays.copyOf(mean.shape(), rank - 1),
                        java.util.Arrays.copyOf(value.shape(), rank - 1))
                && mean.shape()[rank - 1] == 1;
    }

    private static Optional<NormLayer> normOf(Expression operand, float[] gains, float[] biases, double epsilon) {
        int width = operand.shape()[operand.rank() - 1];
        return gains.length == width && biases.length == width
                ? Optional.of(new NormLayer(operand, new SequenceOperation.Norm(true, gains, biases, epsilon)))
                : Optional.empty();
    }
}
