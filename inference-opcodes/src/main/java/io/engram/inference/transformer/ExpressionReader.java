package io.engram.inference.transformer;

import io.engram.inference.onnx.MalformedOnnxException;
import io.engram.inference.onnx.OnnxAttribute;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxGraph;
import io.engram.inference.onnx.OnnxModel;
import io.engram.inference.onnx.OnnxNode;
import io.engram.inference.onnx.OnnxTensor;
import io.engram.inference.onnx.OnnxValue;
import io.engram.inference.onnx.UnsupportedOperatorException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads an ONNX graph for inputs of fixed shapes: every value gets a shape, and what depends on constants alone is folded. */
final class ExpressionReader {

    private static final int MIN_OPSET = 9;
    private static final int MAX_OPSET = 22;

    private final OnnxModel model;
    private final Map<String, Expression> values = new HashMap<>();
    private final List<Expression> inputs = new ArrayList<>();

    private ExpressionReader(OnnxModel model) {
        this.model = model;
    }

    /** What was read: the inputs and outputs in the file's order. */
    record Result(List<Expression> inputs, List<Expression> outputs) {}

    /** @param sequence what a symbolic dimension other than the first becomes; the first becomes 1 */
    static Result read(OnnxModel model, int sequence) throws OnnxException {
        return new ExpressionReader(model).read(sequence);
    }

    private Result read(int sequence) throws OnnxException {
        if (model.opset() < MIN_OPSET || model.opset() > MAX_OPSET) {
            throw new MalformedOnnxException(
                    "operator set " + model.opset() + ", known are " + MIN_OPSET + " to " + MAX_OPSET);
        }
        OnnxGraph graph = model.graph();
        for (Map.Entry<String, OnnxTensor> constant : graph.initializers().entrySet()) {
            values.put(constant.getKey(), Expression.constant(constant.getKey(), constant.getValue()));
        }
        for (OnnxValue input : graph.inputs()) {
            if (!graph.initializers().containsKey(input.name())) {
                Expression value = Expression.input(input.name(), shape(input, sequence));
                values.put(input.name(), value);
                inputs.add(value);
            }
        }
        for (OnnxNode node : graph.nodes()) {
            read(node);
        }
        List<Expression> outputs = new ArrayList<>();
        for (OnnxValue output : graph.outputs()) {
            outputs.add(value(output.name(), "output"));
        }
        return new Result(List.copyOf(inputs), List.copyOf(outputs));
    }

    private static int[] shape(OnnxValue input, int sequence) throws OnnxException {
        if (input.shape().isEmpty()) {
            throw new UnsupportedOperatorException(input.name(), Expression.INPUT, "it has no shape");
        }
        int[] shape = new int[input.shape().size()];
        for (int i = 0; i < shape.length; i++) {
            long size = input.shape().get(i);
            shape[i] = size == -1 ? i == 0 ? 1 : sequence : Math.toIntExact(size);
        }
        return shape;
    }

    private Expression value(String name, String user) throws OnnxException {
        Expression value = values.get(name);
        if (value == null) {
            throw new MalformedOnnxException("node '" + user + "' uses '" + name + "', which nothing before it makes");
        }
        return value;
    }

    private void read(OnnxNode node) throws OnnxException {
        if (!node.domain().isEmpty() && !node.domain().equals("ai.onnx")) {
            throw new UnsupportedOperatorException(
                    node.label(), node.operator(), "operators of domain '" + node.domain() + "' are unknown");
        }
        List<Expression> operands = new ArrayList<>();
        for (String input : node.inputs()) {
            if (!input.isEmpty()) {
                operands.add(value(input, node.label()));
            }
        }
        if (node.operator().equals(Expression.CONSTANT)) {
            if (!(node.attributes().get("value") instanceof OnnxAttribute.OfTensor(OnnxTensor tensor))) {
                throw new UnsupportedOperatorException(node.label(), node.operator(), "only tensors are supported");
            }
            define(node, 0, Expression.constant(node.label(), tensor));
            return;
        }
        try {
            int[][] shapes = ShapeRules.of(node, operands, model.opset());
            boolean folded =
                    node.operator().equals("Shape") || operands.stream().allMatch(Expression::isConstant);
            if (folded) {
                OnnxTensor tensor = Folding.fold(node, operands, shapes[0], model.opset());
                define(node, 0, Expression.constant(node.label(), tensor));
                return;
            }
            for (int i = 0; i < Math.min(shapes.length, node.outputs().size()); i++) {
                define(node, i, Expression.computed(node, i, operands, shapes[i]));
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            throw new MalformedOnnxException(
                    "node '" + node.label() + "' (" + node.operator() + "): " + e.getMessage());
        }
    }

    private void define(OnnxNode node, int output, Expression value) {
        values.put(node.outputs().get(output), value);
    }
}
