package io.engram.inference.quantize;

import io.engram.genesis.Address;
import io.engram.inference.model.Graph;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.onnx.Clamp;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.operator.Add;
import io.engram.inference.operator.ArgMax;
import io.engram.inference.operator.AveragePool;
import io.engram.inference.operator.Concatenate;
import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.DepthwiseConv2d;
import io.engram.inference.operator.Lookup;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.Multiply;
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Pad;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Scaled;
import io.engram.inference.operator.Softmax;
import io.engram.inference.operator.Transpose;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/** Turns a float graph and a plan of scales into an integer graph: one integer node for each float node. */
final class GraphQuantizer {

    private static final int SOFTMAX_ONE = 1 << 24;
    private static final int SOFTMAX_LEVELS = 255;

    private final FloatGraph source;
    private final ScalePlan plan;
    private final GraphBuilder builder;
    private final int[] handles;

    private GraphQuantizer(FloatGraph source, ScalePlan plan, Address author, ImportOptions options) {
        this.source = source;
        this.plan = plan;
        this.builder = new GraphBuilder(author, options.royalty(), options.maxBatch());
        this.handles = new int[source.nodes().size()];
    }

    /** @throws UnsupportedOperatorException if a node has no integer form */
    static Graph quantize(FloatGraph source, ScalePlan plan, Address author, ImportOptions options)
            throws UnsupportedOperatorException {
        GraphQuantizer quantizer = new GraphQuantizer(source, plan, author, options);
        for (int i = 0; i < source.nodes().size(); i++) {
            quantizer.handles[i] = quantizer.node(i);
        }
        for (int output : source.outputs()) {
            TensorScale scale = plan.scales().get(output);
            quantizer.builder.output(quantizer.handles[output], scale.scale(), scale.zeroPoint());
        }
        return quantizer.builder.build();
    }

    private int node(int index) throws UnsupportedOperatorException {
        FloatNode node = source.nodes().get(index);
        if (!Shape.isValid(node.shape())) {
            throw unsupported(node, "shape " + Arrays.toString(node.shape()));
        }
        Shape shape = Shape.of(node.shape());
        TensorScale own = plan.scales().get(index);
        TensorType type = plan.types().get(index);
        try {
            return switch (node.operation()) {
                case FloatOperation.Input _ ->
                    builder.input(new GraphInput(type, shape, type.min(), type.max(), own.scale(), own.zeroPoint()));
                case FloatOperation.Constant(float[] values) -> constant(values, shape, own, type);
                case FloatOperation.Convolution convolution -> convolution(index, node, convolution);
                case FloatOperation.Dense dense -> dense(index, node, dense);
                case FloatOperation.Sum(Clamp clamp) -> sum(index, node, clamp);
                case FloatOperation.Product(Clamp clamp) -> product(index, node, clamp);
                case FloatOperation.MaxPool(io.engram.inference.onnx.Window window) -> {
                    requireInt8(node);
                    OutputRange range = OutputRange.int8(own.zeroPoint());
                    yield emit(
                            node,
                            new MaxPool(
                                    window.kernelHeight(),
                                    window.kernelWidth(),
                                    window(window),
                                    own.zeroPoint(),
                                    Rescale.IDENTITY,
                                    range));
                }
                case FloatOperation.AveragePool(io.engram.inference.onnx.Window window) -> {
                    requireInt8(node);
                    TensorScale in = input(node, 0);
                    yield emit(
                            node,
                            new AveragePool(
                                    window.kernelHeight(),
                                    window.kernelWidth(),
                                    window(window),
                                    in.zeroPoint(),
                                    TensorScale.rescale(in.step() / own.step()),
                                    OutputRange.int8(own.zeroPoint())));
                }
                case FloatOperation.Pointwise(io.engram.inference.onnx.ScalarFunction function) ->
                    lookup(node, function, own);
                case FloatOperation.ChannelAffine _ -> throw unsupported(node, "a scale for each channel");
                case FloatOperation.Reshape _ -> emit(node, new Reshape(shape));
                case FloatOperation.Transpose(int[] order) -> {
                    if (order[0] != 0) {
                        throw unsupported(node, "a transpose that moves the batch");
                    }
                    yield emit(node, new Transpose(Arrays.stream(order).boxed().toList()));
                }
                case FloatOperation.Concat(int axis) -> concatenate(node, axis, own);
                case FloatOperation.Pad(int[] before, int[] after, float value) ->
                    emit(
                            node,
                            new Pad(
                                    Arrays.stream(before).boxed().toList(),
                                    Arrays.stream(after).boxed().toList(),
                                    own.quantise(value, type)));
                case FloatOperation.Softmax _ -> softmax(node, own);
                case FloatOperation.ArgMax _ -> emit(node, new ArgMax());
            };
        } catch (ArithmeticException | IllegalArgumentException e) {
            // Scales a factor of 2^30 apart, a batch that is padded, a window beyond the operator's bounds.
            throw unsupported(node, String.valueOf(e.getMessage()));
        }
    }

    private int constant(float[] values, Shape shape, TensorScale scale, TensorType type) {
        Tensor tensor = Tensor.zeros(type, shape);
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, scale.quantise(values[i], type));
        }
        return builder.constant(tensor);
    }

    private int convolution(int index, FloatNode node, FloatOperation.Convolution convolution)
            throws UnsupportedOperatorException {
        requireInt8(node);
        TensorScale in = input(node, 0);
        Window window = window(convolution.window());
        int outputs = convolution.bias().length;
        int height = convolution.window().kernelHeight();
        int width = convolution.window().kernelWidth();
        int depth = convolution.weights().length / (outputs * height * width);
        ChannelWeights weights = ChannelWeights.of(
                convolution.weights(), convolution.bias(), in, plan.scales().get(index));
        OutputRange range = range(index, convolution.clamp());
        boolean depthwise = depth == 1 && convolution.groups() == outputs;
        Tensor kernel = depthwise
                ? Tensor.wrap(TensorType.INT8, Shape.of(height, width, outputs), weights.quantised())
                : Tensor.wrap(TensorType.INT8, Shape.of(outputs, height, width, depth), weights.outputFirst());
        Operator operator = depthwise
                ? new DepthwiseConv2d(window, in.zeroPoint(), range)
                : new Conv2d(window, convolution.groups(), in.zeroPoint(), range);
        return layer(node, operator, kernel, weights);
    }

    private int dense(int index, FloatNode node, FloatOperation.Dense dense) throws UnsupportedOperatorException {
        requireInt8(node);
        TensorScale in = input(node, 0);
        int outputs = dense.bias().length;
        ChannelWeights weights = ChannelWeights.of(
                dense.weights(), dense.bias(), in, plan.scales().get(index));
        Shape shape = Shape.of(outputs, dense.weights().length / outputs);
        Tensor matrix = Tensor.wrap(TensorType.INT8, shape, weights.outputFirst());
        return layer(node, new Dense(in.zeroPoint(), range(index, dense.clamp())), matrix, weights);
    }

    private int layer(FloatNode node, Operator operator, Tensor kernel, ChannelWeights weights) {
        int weight = builder.constant(kernel);
        int bias = builder.constant(Tensor.ofVector(TensorType.INT32, weights.bias()));
        int multipliers = builder.constant(Tensor.ofVector(TensorType.INT32, weights.multipliers()));
        int shifts = builder.constant(Tensor.ofVector(TensorType.INT8, weights.shifts()));
        return builder.node(operator, handle(node, 0), weight, bias, multipliers, shifts);
    }

    private int sum(int index, FloatNode node, Clamp clamp) throws UnsupportedOperatorException {
        requireSmall(node);
        TensorScale a = input(node, 0);
        TensorScale b = input(node, 1);
        double out = plan.scales().get(index).step();
        int shift = TensorScale.rescale(Math.max(a.step(), b.step()) / out).shift();
        Add operator = new Add(
                new Add.Term(a.zeroPoint(), multiplier(a.step() / out, shift)),
                new Add.Term(b.zeroPoint(), multiplier(b.step() / out, shift)),
                shift,
                range(index, clamp));
        return builder.node(operator, handle(node, 0), handle(node, 1));
    }

    private static int multiplier(double ratio, int shift) {
        return (int) Math.min(StrictMath.round(StrictMath.scalb(ratio, shift)), Integer.MAX_VALUE);
    }

    private int product(int index, FloatNode node, Clamp clamp) throws UnsupportedOperatorException {
        requireSmall(node);
        TensorScale a = input(node, 0);
        TensorScale b = input(node, 1);
        Rescale rescale = TensorScale.rescale(
                a.step() * b.step() / plan.scales().get(index).step());
        Multiply operator = new Multiply(a.zeroPoint(), b.zeroPoint(), rescale, range(index, clamp));
        return builder.node(operator, handle(node, 0), handle(node, 1));
    }

    private int lookup(FloatNode node, io.engram.inference.onnx.ScalarFunction function, TensorScale own)
            throws UnsupportedOperatorException {
        requireInt8(node);
        TensorScale in = input(node, 0);
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            double value = function.apply(in.dequantise(i + Byte.MIN_VALUE));
            if (Double.isNaN(value)) {
                throw unsupported(node, "the function has no value at " + in.dequantise(i + Byte.MIN_VALUE));
            }
            table[i] = own.quantise(value, TensorType.INT8);
        }
        return builder.node(new Lookup(), handle(node, 0), builder.constant(Tensor.ofVector(TensorType.INT8, table)));
    }

    private int softmax(FloatNode node, TensorScale own) throws UnsupportedOperatorException {
        requireInt8(node);
        double step = input(node, 0).step();
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            table[i] = (int) StrictMath.round(SOFTMAX_ONE * StrictMath.exp(-i * step));
        }
        return builder.node(
                new Softmax(SOFTMAX_LEVELS, OutputRange.int8(own.zeroPoint())),
                handle(node, 0),
                builder.constant(Tensor.ofVector(TensorType.INT32, table)));
    }

    private int concatenate(FloatNode node, int axis, TensorScale own) throws UnsupportedOperatorException {
        requireSmall(node);
        int count = node.inputs().size();
        if (axis == 0 || count > Concatenate.MAX_OPERANDS) {
            throw unsupported(node, "along the batch, or of more than " + Concatenate.MAX_OPERANDS + " values");
        }
        int[] operands = new int[count];
        Scaled[] scaled = new Scaled[count];
        for (int i = 0; i < count; i++) {
            TensorScale in = input(node, i);
            operands[i] = handle(node, i);
            scaled[i] = new Scaled(in.zeroPoint(), TensorScale.rescale(in.step() / own.step()));
        }
        return builder.node(new Concatenate(axis, List.of(scaled), OutputRange.int8(own.zeroPoint())), operands);
    }

    private int emit(FloatNode node, Operator operator) {
        return builder.node(operator, handle(node, 0));
    }

    private int handle(FloatNode node, int number) {
        return handles[node.inputs().get(number)];
    }

    private TensorScale input(FloatNode node, int number) {
        return plan.scales().get(node.inputs().get(number));
    }

    private OutputRange range(int index, Clamp clamp) {
        TensorType type = plan.types().get(index);
        TensorScale own = plan.scales().get(index);
        int low = clamp.low() == Float.NEGATIVE_INFINITY ? type.min() : own.quantise(clamp.low(), type);
        int high = clamp.high() == Float.POSITIVE_INFINITY ? type.max() : own.quantise(clamp.high(), type);
        return new OutputRange(type, own.zeroPoint(), low, high);
    }

    private void requireInt8(FloatNode node) throws UnsupportedOperatorException {
        if (plan.types().get(node.inputs().getFirst()) != TensorType.INT8) {
            throw unsupported(node, "the input is not int8");
        }
    }

    private void requireSmall(FloatNode node) throws UnsupportedOperatorException {
        for (int operand : node.inputs()) {
            if (plan.types().get(operand) == TensorType.INT32) {
                throw unsupported(node, "an input is an index");
            }
        }
    }

    private static Window window(io.engram.inference.onnx.Window window) {
        return new Window(
                window.strideHeight(),
                window.strideWidth(),
                window.dilationHeight(),
                window.dilationWidth(),
                window.top(),
                window.left(),
                window.bottom(),
                window.right());
    }

    private static UnsupportedOperatorException unsupported(FloatNode node, String reason) {
        return new UnsupportedOperatorException(
                node.name(), node.operation().getClass().getSimpleName(), reason);
    }
}
