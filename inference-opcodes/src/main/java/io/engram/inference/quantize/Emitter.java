package io.engram.inference.quantize;

import io.engram.genesis.Address;
import io.engram.inference.model.Graph;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.onnx.Clamp;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;

/** The integer graph as far as it is built, and what the float graph and the plan of scales say of each node. */
final class Emitter {

    private final FloatGraph source;
    private final ScalePlan plan;
    private final GraphBuilder builder;
    private final int[] handles;

    Emitter(FloatGraph source, ScalePlan plan, Address author, ImportOptions options) {
        this.source = source;
        this.plan = plan;
        this.builder = new GraphBuilder(author, options.royalty(), options.maxBatch());
        this.handles = new int[source.nodes().size()];
    }

    FloatNode node(int index) {
        return source.nodes().get(index);
    }

    /** Says which value of the integer graph the float node has become. */
    void define(int index, int handle) {
        handles[index] = handle;
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

    TensorScale inputScale(FloatNode node, int operand) {
        return scale(node.inputs().get(operand));
    }

    TensorType inputType(FloatNode node, int operand) {
        return type(node.inputs().get(operand));
    }

    /** The node's type and zero point with the integers that the clamp becomes. */
    OutputRange range(int index, Clamp clamp) {
        TensorType type = type(index);
        TensorScale own = scale(index);
        int low = clamp.low() == Float.NEGATIVE_INFINITY ? type.min() : own.quantise(clamp.low(), type);
        int high = clamp.high() == Float.POSITIVE_INFINITY ? type.max() : own.quantise(clamp.high(), type);
        return new OutputRange(type, own.zeroPoint(), low, high);
    }

    int input(GraphInput input) {
        return builder.input(input);
    }

    int constant(Tensor tensor) {
        return builder.constant(tensor);
    }

    int emit(Operator operator, int... operands) {
        return builder.node(operator, operands);
    }

    Graph build() {
        for (int output : source.outputs()) {
            TensorScale scale = scale(output);
            builder.output(handles[output], scale.scale(), scale.zeroPoint());
        }
        return builder.build();
    }

    void requireInt8(FloatNode node) throws UnsupportedOperatorException {
        if (inputType(node, 0) != TensorType.INT8) {
            throw unsupported(node, "the input is not int8");
        }
    }

    /** Refuses indices, which have no scale. */
    void requireScaled(FloatNode node) throws UnsupportedOperatorException {
        for (int i = 0; i < node.inputs().size(); i++) {
            if (inputType(node, i) == TensorType.INT32) {
                throw unsupported(node, "an input is an index");
            }
        }
    }

    static UnsupportedOperatorException unsupported(FloatNode node, String reason) {
        return new UnsupportedOperatorException(
                node.name(), node.operation().getClass().getSimpleName(), reason);
    }
}
