package io.engram.inference.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.Seeds;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Add;
import io.engram.inference.operator.Concatenate;
import io.engram.inference.operator.Interpolate;
import io.engram.inference.operator.Multiply;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Scaled;
import io.engram.inference.operator.Slice;
import io.engram.inference.operator.WideDense;
import io.engram.inference.quantize.Multipliers;
import io.engram.inference.quantize.TensorScale;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Recurrent cells are graphs of the operators that are there: one step of an LSTM and of a GRU against the float cell. */
class RecurrentCellTest {

    private static final int INPUTS = 5;
    private static final int HIDDEN = 7;

    /** All values lie in −8 … 8: 2^-12 a step. */
    private static final double STEP = 0x1p-12;

    private static final double ERROR = 0.004;
    private static final OutputRange WIDE = new OutputRange(TensorType.INT16, 0, -32_767, 32_767);

    private final GraphBuilder graph = new GraphBuilder(TestGraphs.AUTHOR, 1);

    @Test
    void anLstmCellIsAComposedGraph() throws Exception {
        int x = input(INPUTS);
        int h = input(HIDDEN);
        int c = input(HIDDEN);
        RandomGenerator random = TestGraphs.random(1);
        byte[] weights = TestGraphs.bytes(random, 4 * HIDDEN * (INPUTS + HIDDEN));
        double step = 0.01;
        int gates = dense(join(x, h), weights, step);
        int i = curve(gate(gates, 0), RecurrentCellTest::sigmoid);
        int f = curve(gate(gates, 1), RecurrentCellTest::sigmoid);
        int o = curve(gate(gates, 2), RecurrentCellTest::sigmoid);
        int g = curve(gate(gates, 3), Math::tanh);
        int cell = add(multiply(f, c), multiply(i, g));
        graph.output(
                multiply(o, curve(cell, Math::tanh)), TensorScale.of(STEP, 0).scale(), 0);
        graph.output(cell, TensorScale.of(STEP, 0).scale(), 0);
        Model model = Model.of(graph.build(), InferenceConfig.Limits.DEFAULT);
        Seeds.each(20, given -> {
            double[] in = given.doubles(INPUTS + 2 * HIDDEN, -2, 2).toArray();
            double[] out = run(model, in);
            double[] sums = sums(in, weights, step, 4 * HIDDEN);
            for (int unit = 0; unit < HIDDEN; unit++) {
                double next = sigmoid(sums[HIDDEN + unit]) * in[INPUTS + HIDDEN + unit]
                        + sigmoid(sums[unit]) * Math.tanh(sums[3 * HIDDEN + unit]);
                assertThat(out[HIDDEN + unit]).isBetween(next - ERROR, next + ERROR);
                double hidden = sigmoid(sums[2 * HIDDEN + unit]) * Math.tanh(next);
                assertThat(out[unit]).isBetween(hidden - ERROR, hidden + ERROR);
            }
        });
    }

    @Test
    void aGruCellIsAComposedGraph() throws Exception {
        int x = input(INPUTS);
        int h = input(HIDDEN);
        RandomGenerator random = TestGraphs.random(2);
        byte[] weights = TestGraphs.bytes(random, 2 * HIDDEN * (INPUTS + HIDDEN));
        byte[] candidate = TestGraphs.bytes(random, HIDDEN * (INPUTS + HIDDEN));
        double step = 0.01;
        int gates = dense(join(x, h), weights, step);
        int z = curve(gate(gates, 0), RecurrentCellTest::sigmoid);
        int r = curve(gate(gates, 1), RecurrentCellTest::sigmoid);
        int n = curve(dense(join(x, multiply(r, h)), candidate, step), Math::tanh);
        // h' = n + z·(h − n)
        int negated = graph.node(
                new Multiply(0, 0, Rescale.IDENTITY, WIDE),
                n,
                graph.constant(Tensor.of(TensorType.INT8, Shape.of(1, 1), -1)));
        graph.output(
                add(n, multiply(z, add(h, negated))), TensorScale.of(STEP, 0).scale(), 0);
        Model model = Model.of(graph.build(), InferenceConfig.Limits.DEFAULT);
        Seeds.each(20, given -> {
            double[] in = given.doubles(INPUTS + HIDDEN, -1, 1).toArray();
            double[] out = run(model, in);
            double[] sums = sums(in, weights, step, 2 * HIDDEN);
            double[] reset = in.clone();
            for (int unit = 0; unit < HIDDEN; unit++) {
                reset[INPUTS + unit] *= sigmoid(sums[HIDDEN + unit]);
            }
            double[] candidates = sums(reset, candidate, step, HIDDEN);
            for (int unit = 0; unit < HIDDEN; unit++) {
                double update = sigmoid(sums[unit]);
                double next = (1 - update) * Math.tanh(candidates[unit]) + update * in[INPUTS + unit];
                assertThat(out[unit]).isBetween(next - ERROR, next + ERROR);
            }
        });
    }

    private int input(int width) {
        return graph.input(new GraphInput(
                TensorType.INT16,
                Shape.of(1, width),
                -32_767,
                32_767,
                TensorScale.of(STEP, 0).scale(),
                0));
    }

    private int join(int a, int b) {
        Scaled same = new Scaled(0, Rescale.IDENTITY);
        return graph.node(new Concatenate(1, List.of(same, same), WIDE), a, b);
    }

    private int dense(int value, byte[] weights, double step) {
        int units = weights.length / (INPUTS + HIDDEN);
        Rescale rescale = Multipliers.of(step, 1L << 31);
        int[] multipliers = new int[units];
        int[] shifts = new int[units];
        java.util.Arrays.fill(multipliers, rescale.multiplier());
        java.util.Arrays.fill(shifts, rescale.shift());
        return graph.node(
                new WideDense(0, WIDE),
                value,
                graph.constant(Tensor.wrap(TensorType.INT8, Shape.of(units, INPUTS + HIDDEN), weights)),
                graph.constant(Tensor.zeros(TensorType.INT32, Shape.of(units))),
                graph.constant(Tensor.ofVector(TensorType.INT32, multipliers)),
                graph.constant(Tensor.ofVector(TensorType.INT8, shifts)));
    }

    private int gate(int gates, int index) {
        return graph.node(new Slice(1, index * HIDDEN, 1, HIDDEN), gates);
    }

    private int curve(int value, DoubleUnaryOperator function) {
        int[] points = new int[Interpolate.POINTS];
        for (int i = 0; i < points.length; i++) {
            double x = ((i << Interpolate.STEP_BITS) - Interpolate.OFFSET) * STEP;
            points[i] = (int) Math.rint(function.applyAsDouble(x) * 32_767);
        }
        Rescale rescale = Multipliers.of(1 / STEP / 32_767 / (1 << Interpolate.STEP_BITS), 1L << 22);
        return graph.node(
                new Interpolate(rescale, WIDE), value, graph.constant(Tensor.ofVector(TensorType.INT16, points)));
    }

    private int multiply(int a, int b) {
        return graph.node(new Multiply(0, 0, Multipliers.of(STEP, 1L << 31), WIDE), a, b);
    }

    private int add(int a, int b) {
        return graph.node(new Add(new Add.Term(0, 2), new Add.Term(0, 2), 1, WIDE), a, b);
    }

    private static double[] run(Model model, double[] in) {
        ByteBuffer data = ByteBuffer.allocate(2 * in.length);
        for (double value : in) {
            data.putShort((short) Math.rint(value / STEP));
        }
        byte[] output = new InferenceEngine(new ReferenceBackend(), 0)
                .run(model, data.array())
                .getFirst()
                .output();
        double[] out = new double[output.length / 2];
        for (int i = 0; i < out.length; i++) {
            out[i] = ByteBuffer.wrap(output).getShort(2 * i) * STEP;
        }
        return out;
    }

    private static double[] sums(double[] in, byte[] weights, double step, int units) {
        double[] sums = new double[units];
        for (int i = 0; i < weights.length; i++) {
            sums[i / (INPUTS + HIDDEN)] += in[i % (INPUTS + HIDDEN)] * weights[i] * step;
        }
        return sums;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
