package io.engram.inference.quantize;

import io.engram.genesis.Address;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.onnx.Clamp;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.operator.Multiply;
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Requantise;
import io.engram.inference.operator.Rescale;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/** The integer graph as far as it is built, and what the float graph and the plan of scales say of each node. */
final class Emitter {

    private final FloatGraph source;
    private final ScalePlan plan;
    private final List<WeightRounding> roundings;
    private final GraphBuilder builder;
    private final int[] handles;
    /** Handles of int8 copies of int16 values, −1 where there is none. */
    private final int[] copies;
    /** Of copies with a scale for each channel. */
    private final int[] channelCopies;
    /** For each float node the number of its step, −1 for inputs and constants. */
    private final int[] steps;

    private int emitted;

    Emitter(FloatGraph source, ScalePlan plan, List<WeightRounding> roundings, Address author, ImportOptions options) {
        this.source = source;
        this.plan = plan;
        this.roundings = roundings;
        this.builder = new GraphBuilder(author, options.royalty(), options.maxBatch());
        this.handles = new int[source.nodes().size()];
        this.copies = new int[source.nodes().size()];
        this.channelCopies = new int[source.nodes().size()];
        this.steps = new int[source.nodes().size()];
        Arrays.fill(copies, -1);
        Arrays.fill(channelCopies, -1);
        Arrays.fill(steps, -1);
    }

    FloatNode node(int index) {
        return source.nodes().get(index);
    }

    /** Says which value of the integer graph the float node has become. */
    void define(int index, int handle) {
        handles[index] = handle;
        FloatOperation operation = source.nodes().get(index).operation();
        boolean step = !(operation instanceof FloatOperation.Input) && !(operation instanceof FloatOperation.Constant);
        steps[index] = step ? emitted - 1 : -1;
    }

    int handle(FloatNode node, int operand) {
        return handles[node.inputs().get(operand)];
    }

    TensorScale scale(int index) {
        return plan.scales().get(index);
    }

    TensorType type(int index) {
        return plan.types().get(index);
    }

    WeightRounding rounding(int index) {
        return roundings.get(index);
    }

    /** A value as an operand reads it. */
    record Operand(int handle, TensorScale scale) {}

    /** The operand in whatever type it has; indices, which have no scale, are refused. */
    Operand operand(FloatNode node, int number) throws UnsupportedOperatorException {
        int source = node.inputs().get(number);
        if (type(source) == TensorType.INT32) {
            throw unsupported(node, "an input is an index");
        }
        return new Operand(handles[source], scale(source));
    }

    /** The operand in int8; of an int16 value the copy that all such readers share. */
    Operand int8(FloatNode node, int number) throws UnsupportedOperatorException {
        int source = node.inputs().get(number);
        if (type(source) == TensorType.INT8) {
            return new Operand(handles[source], scale(source));
        }
        if (type(source) != TensorType.INT16 || node(source).inputs().isEmpty()) {
            throw unsupported(node, "the input is not int8");
        }
        TensorScale narrow = plan.narrow().get(source);
        if (copies[source] < 0) {
            Rescale rescale = TensorScale.rescale(scale(source).step() / narrow.step());
            Requantise copy = new Requantise(scale(source).zeroPoint(), rescale, OutputRange.int8(narrow.zeroPoint()));
            copies[source] = emit(copy, handles[source]);
        }
        return new Operand(copies[source], narrow);
    }

    /** Whether the operand is int16 for readers that have a form for it. */
    boolean isWide(FloatNode node, int number) {
        int source = node.inputs().get(number);
        return plan.wide() == WideValues.ALL
                && type(source) == TensorType.INT16
                && !node(source).inputs().isEmpty();
    }

    /** How the layer reads its input. */
    ScalePlan.Stored read(FloatNode layer) {
        return plan.read(layer, layer.inputs().getFirst());
    }

    /** A layer's input in the form that the plan gives it. */
    Operand input(FloatNode layer) throws UnsupportedOperatorException {
        int source = layer.inputs().getFirst();
        if (plan.copies().get(source).isEmpty() || WideNodes.readsWide(layer)) {
            return isWide(layer, 0) ? operand(layer, 0) : int8(layer, 0);
        }
        ChannelCopy copy = plan.copies().get(source).get();
        if (channelCopies[source] < 0) {
            int channels = node(source).channels();
            int[] gains = new int[channels];
            Arrays.setAll(gains, copy::gain);
            int[] shape = new int[node(source).shape().length];
            Arrays.fill(shape, 1);
            shape[shape.length - 1] = channels;
            Rescale rescale =
                    TensorScale.rescale(scale(source).step() / copy.scale().step());
            OutputRange range = OutputRange.int8(copy.scale().zeroPoint());
            Multiply operator = new Multiply(scale(source).zeroPoint(), 0, rescale, range);
            channelCopies[source] =
                    emit(operator, handles[source], constant(Tensor.of(TensorType.INT16, Shape.of(shape), gains)));
        }
        return new Operand(channelCopies[source], copy.scale());
    }

    /** The node's type and zero point with the integers that the clamp becomes. */
    OutputRange range(int index, Clamp clamp) {
        return OutputRanges.of(type(index), scale(index), clamp);
    }

    int input(GraphInput input) {
        return builder.input(input);
    }

    int constant(Tensor tensor) {
        return builder.constant(tensor);
    }

    int emit(Operator operator, int... operands) {
        emitted++;
        return builder.node(operator, operands);
    }

    QuantizedGraph build() {
        for (int output : source.outputs()) {
            TensorScale scale = scale(output);
            builder.output(handles[output], scale.scale(), scale.zeroPoint());
        }
        return new QuantizedGraph(builder.build(), steps);
    }

    static UnsupportedOperatorException unsupported(FloatNode node, String reason) {
        return new UnsupportedOperatorException(
                node.name(), node.operation().getClass().getSimpleName(), reason);
    }
}
