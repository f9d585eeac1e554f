package io.engram.inference.transformer;

import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.onnx.Weights;
import io.engram.inference.operator.Add;
import io.engram.inference.operator.DynamicDense;
import io.engram.inference.operator.Gather;
import io.engram.inference.operator.Interpolate;
import io.engram.inference.operator.Mean;
import io.engram.inference.operator.Multiply;
import io.engram.inference.operator.Normalise;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Requantise;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Transpose;
import io.engram.inference.operator.WideDense;
import io.engram.inference.operator.WideMatMul;
import io.engram.inference.operator.WideSoftmax;
import io.engram.inference.quantize.Curve;
import io.engram.inference.quantize.DenseIntegers;
import io.engram.inference.quantize.Exponentials;
import io.engram.inference.quantize.Multipliers;
import io.engram.inference.quantize.TensorScale;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** Writes a {@link SequenceGraph} with integer operators, on the scales of a plan. */
final class SequenceQuantizer {

    private static final int PROBABILITY = TensorType.INT16.max();
    private static final int ADD_BITS = 30;

    private final SequenceGraph source;
    private final SequencePlan plan;
    private final Precision precision;
    private final GraphBuilder graph;
    private final int[] handles;
    private final Map<Integer, Integer> widened = new HashMap<>();

    private SequenceQuantizer(SequenceGraph source, SequencePlan plan, Precision precision, GraphBuilder graph) {
        this.source = source;
        this.precision = precision;
        this.plan = plan;
        this.graph = graph;
        this.handles = new int[source.nodes().size()];
    }

    /**
     * Adds everything to {@code graph}, outputs included.
     *
     * @return the handle of each node's value
     */
    static int[] quantise(SequenceGraph source, SequencePlan plan, Precision precision, GraphBuilder graph)
            throws UnsupportedOperatorException {
        SequenceQuantizer quantizer = new SequenceQuantizer(source, plan, precision, graph);
        for (int i = 0; i < quantizer.handles.length; i++) {
            SequenceGraph.Node node = source.nodes().get(i);
            try {
                quantizer.handles[i] = quantizer.emit(i, node);
            } catch (ArithmeticException e) {
                throw new UnsupportedOperatorException(
                        node.name(), node.operation().getClass().getSimpleName(), String.valueOf(e.getMessage()));
            }
        }
        for (int output : source.outputs()) {
            TensorScale scale = plan.scales().get(output);
            graph.output(quantizer.handles[output], scale.scale(), scale.zeroPoint());
        }
        return quantizer.handles;
    }

    private int emit(int index, SequenceGraph.Node node) {
        return switch (node.operation()) {
            case SequenceOperation.Input input ->
                graph.input(new GraphInput(
                        plan.types().get(index),
                        Shape.of(node.shape()),
                        input.lo(),
                        input.hi(),
                        TensorScale.ONE.scale(),
                        0));
            case SequenceOperation.Constant(float[] values) -> constant(index, node, values);
            case SequenceOperation.Embedding embedding -> embedding(node, embedding);
            case SequenceOperation.Dense(Weights weights) -> dense(index, node, weights);
            case SequenceOperation.Sum _ -> sum(index, node);
            case SequenceOperation.Product _ -> product(index, node);
            case SequenceOperation.Norm norm -> norm(index, node, norm);
            case SequenceOperation.Curve(DoubleUnaryOperator function) -> curve(index, node, function);
            case SequenceOperation.Factor _ -> handle(node, 0);
            case SequenceOperation.MatMul(boolean transposed) -> matMul(index, node, transposed);
            case SequenceOperation.Softmax(boolean masked) -> softmax(index, node, masked);
            case SequenceOperation.Reshape _ -> graph.node(new Reshape(Shape.of(node.shape())), handle(node, 0));
            case SequenceOperation.Transpose(int[] permutation) ->
                graph.node(new Transpose(Arrays.stream(permutation).boxed().toList()), handle(node, 0));
            case SequenceOperation.Mean _ ->
                graph.node(
                        new Mean(
                                1,
                                true,
                                zeroPoint(node, 0),
                                Multipliers.of(step(node, 0) / plan.step(index), 1L << ADD_BITS),
                                output(index)),
                        handle(node, 0),
                        handle(node, 1));
        };
    }

    private int handle(SequenceGraph.Node node, int operand) {
        return handles[node.inputs().get(operand)];
    }

    private double step(SequenceGraph.Node node, int operand) {
        return plan.step(node.inputs().get(operand));
    }

    private int zeroPoint(SequenceGraph.Node node, int operand) {
        return plan.scales().get(node.inputs().get(operand)).zeroPoint();
    }

    private TensorType type(SequenceGraph.Node node, int operand) {
        return plan.types().get(node.inputs().get(operand));
    }

    private OutputRange output(int index) {
        TensorType type = plan.types().get(index);
        return new OutputRange(type, plan.scales().get(index).zeroPoint(), type.min(), type.max());
    }

    /** An operand in int16 with zero point 0. */
    private int wide(SequenceGraph.Node node, int operand) {
        if (type(node, operand) == TensorType.INT16 && zeroPoint(node, operand) == 0) {
            return handle(node, operand);
        }
        Rescale same = Rescale.IDENTITY;
        OutputRange range = new OutputRange(TensorType.INT16, 0, TensorType.INT16.min(), TensorType.INT16.max());
        return widened.computeIfAbsent(
                node.inputs().get(operand),
                number -> graph.node(
                        new Requantise(plan.scales().get(number).zeroPoint(), same, range), handles[number]));
    }

    private int constant(int index, SequenceGraph.Node node, float[] values) {
        int[] levels = new int[values.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = plan.scales().get(index).quantise(values[i], TensorType.INT16);
        }
        return graph.constant(Tensor.of(TensorType.INT16, Shape.of(node.shape()), levels));
    }

    private int embedding(SequenceGraph.Node node, SequenceOperation.Embedding embedding) {
        Shape shape = Shape.of(embedding.levels().length / embedding.width(), embedding.width());
        int table = graph.constant(Tensor.wrap(TensorType.INT8, shape, embedding.levels()));
        return graph.node(new Gather(0), table, handle(node, 0));
    }

    private int dense(int index, SequenceGraph.Node node, Weights layer) {
        boolean wide = precision == Precision.INT16;
        DenseIntegers integers =
                DenseIntegers.of(layer, step(node, 0), plan.step(index), wide ? 1 : DynamicDense.LEVELS);
        int outputs = layer.outputs();
        return graph.node(
                wide
                        ? new WideDense(integers.biasShift(), output(index))
                        : new DynamicDense(integers.biasShift(), output(index)),
                wide(node, 0),
                graph.constant(Tensor.wrap(TensorType.INT8, Shape.of(outputs, layer.each()), integers.weights())),
                graph.constant(Tensor.ofVector(TensorType.INT32, integers.bias())),
                graph.constant(Tensor.ofVector(TensorType.INT32, integers.multipliers())),
                graph.constant(Tensor.ofVector(TensorType.INT8, integers.shifts())));
    }

    private int sum(int index, SequenceGraph.Node node) {
        double first = step(node, 0) / plan.step(index);
        double second = step(node, 1) / plan.step(index);
        // Two operands of 16 bits and multipliers of 30: no sum reaches 2^48.
        int shift = Math.clamp(ADD_BITS - 1 - Math.getExponent(Math.max(first, second)), 1, Rescale.MAX_SHIFT);
        return graph.node(
                new Add(
                        new Add.Term(zeroPoint(node, 0), (int) StrictMath.round(StrictMath.scalb(first, shift))),
                        new Add.Term(zeroPoint(node, 1), (int) StrictMath.round(StrictMath.scalb(second, shift))),
                        shift,
                        output(index)),
                handle(node, 0),
                handle(node, 1));
    }

    private int product(int index, SequenceGraph.Node node) {
        double ratio = step(node, 0) * step(node, 1) / plan.step(index);
        return graph.node(
                new Multiply(
                        zeroPoint(node, 0),
                        zeroPoint(node, 1),
                        Multipliers.of(ratio, Integer.MAX_VALUE),
                        output(index)),
                handle(node, 0),
                handle(node, 1));
    }

    private int norm(int index, SequenceGraph.Node node, SequenceOperation.Norm norm) {
        NormIntegers integers = NormIntegers.of(norm, step(node, 0), plan.step(index));
        return graph.node(
                new Normalise(
                        norm.centred(), zeroPoint(node, 0), integers.epsilon(), integers.rescale(), output(index)),
                handle(node, 0),
                graph.constant(Tensor.ofVector(TensorType.INT16, integers.gains())),
                graph.constant(Tensor.ofVector(TensorType.INT32, integers.biases())));
    }

    private int curve(int index, SequenceGraph.Node node, DoubleUnaryOperator function) {
        Curve curve = Curve.of(function, step(node, 0), plan.step(index));
        return graph.node(
                new Interpolate(curve.rescale(), output(index)),
                wide(node, 0),
                graph.constant(Tensor.ofVector(TensorType.INT16, curve.points())));
    }

    private int matMul(int index, SequenceGraph.Node node, boolean transposed) {
        double ratio = step(node, 0) * step(node, 1) / plan.step(index);
        BigInteger bound = BigInteger.valueOf(2L * TensorType.INT16.max())
                .pow(2)
                .multiply(BigInteger.valueOf(source.input(node, 0).last()));
        return graph.node(
                new WideMatMul(
                        transposed,
                        zeroPoint(node, 0),
                        zeroPoint(node, 1),
                        Multipliers.of(ratio, bound),
                        output(index)),
                handle(node, 0),
                handle(node, 1));
    }

    private int softmax(int index, SequenceGraph.Node node, boolean masked) {
        int scores = wide(node, 0);
        Exponentials tables = Exponentials.of(step(node, 0));
        int coarse = graph.constant(tables.coarse());
        int fine = graph.constant(tables.fine());
        WideSoftmax softmax = new WideSoftmax(masked, PROBABILITY, output(index));
        return masked
                ? graph.node(softmax, scores, coarse, fine, handle(node, 1))
                : graph.node(softmax, scores, coarse, fine);
    }
}
