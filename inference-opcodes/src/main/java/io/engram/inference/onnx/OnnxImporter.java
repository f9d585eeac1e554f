package io.engram.inference.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Turns an ONNX graph into a {@link FloatGraph} for one sample. Inputs of rank 4 become channels last, unless the graph
 * itself begins by transposing them from that order; so do outputs of rank 4.
 */
public final class OnnxImporter {

    /** Oldest and newest operator set whose meaning the importer knows. */
    public static final int MIN_OPSET = 7;

    public static final int MAX_OPSET = 22;

    private OnnxImporter() {}

    /** Reads and simplifies. */
    public static FloatGraph importGraph(OnnxModel model) throws OnnxException {
        return GraphSimplifier.simplify(translate(model));
    }

    /** One float node, or a few, for each ONNX node; nothing folded or fused. */
    static FloatGraph translate(OnnxModel model) throws OnnxException {
        if (model.opset() < MIN_OPSET || model.opset() > MAX_OPSET) {
            throw new MalformedOnnxException(
                    "operator set " + model.opset() + ", known are " + MIN_OPSET + " to " + MAX_OPSET);
        }
        OnnxGraph graph = model.graph();
        ImportScope scope = new ImportScope();
        for (Map.Entry<String, OnnxTensor> constant : graph.initializers().entrySet()) {
            scope.define(constant.getKey(), new Symbol.Known(constant.getValue()));
        }
        for (OnnxValue input : graph.inputs()) {
            // Before IR version 4 every constant was listed among the inputs too.
            if (!graph.initializers().containsKey(input.name())) {
                input(scope, graph, input);
            }
        }
        for (OnnxNode node : graph.nodes()) {
            if (node.outputs().isEmpty()) {
                throw new MalformedOnnxException("node '" + node.label() + "' has no output");
            }
            read(new NodeReader(node, scope, model.opset()), node);
        }
        List<Integer> outputs = new ArrayList<>();
        for (OnnxValue output : graph.outputs()) {
            if (!(scope.resolve(output.name()) instanceof Symbol.Computed computed)) {
                throw new MalformedOnnxException("output '" + output.name() + "' is a constant");
            }
            outputs.add(computed.node());
        }
        if (outputs.isEmpty()) {
            throw new MalformedOnnxException("the graph has no output");
        }
        return scope.finish(outputs);
    }

    private static void input(ImportScope scope, OnnxGraph graph, OnnxValue input) throws OnnxException {
        if (input.type() != OnnxType.FLOAT.code()) {
            throw new UnsupportedOperatorException(
                    input.name(), "Input", "element type " + input.type() + "; only float32 inputs are supported");
        }
        List<Long> sizes = new ArrayList<>(input.shape());
        for (int i = 0; i < sizes.size(); i++) {
            if (sizes.get(i) == -1 && i > 0) {
                throw new UnsupportedOperatorException(
                        input.name(), "Input", "dimension " + i + " is not fixed; only the batch may be");
            }
            sizes.set(i, sizes.get(i) == -1 ? 1 : sizes.get(i));
        }
        if (sizes.isEmpty()) {
            throw new UnsupportedOperatorException(input.name(), "Input", "it has no shape");
        }
        boolean declaredChannelsLast = graph.nodes().stream()
                .filter(node ->
                        node.operator().equals("Transpose") && node.inputs().contains(input.name()))
                .anyMatch(node -> node.attributes().get("perm") instanceof OnnxAttribute.OfInts(List<Long> order)
                        && order.equals(List.of(0L, 3L, 1L, 2L)));
        scope.addInput(input.name(), Shapes.of(sizes), sizes.size() == 4 && !declaredChannelsLast);
    }

    private static void read(NodeReader reader, OnnxNode node) throws OnnxException {
        if (!OnnxDecoder.isStandard(node.domain())) {
            throw reader.unsupported("operators of domain '" + node.domain() + "' are unknown");
        }
        switch (node.operator()) {
            case "Conv" -> SpatialOperators.convolution(reader);
            case "BatchNormalization" -> SpatialOperators.batchNormalization(reader);
            case "MaxPool" -> SpatialOperators.pool(reader, true);
            case "AveragePool" -> SpatialOperators.pool(reader, false);
            case "GlobalAveragePool" -> SpatialOperators.globalPool(reader, false);
            case "GlobalMaxPool" -> SpatialOperators.globalPool(reader, true);
            case "ReduceMean" -> SpatialOperators.reduceMean(reader);
            case "Gemm" -> ArithmeticOperators.gemm(reader);
            case "MatMul" -> ArithmeticOperators.matMul(reader);
            case "Add", "Sub", "Mul", "Div" -> ArithmeticOperators.binary(reader);
            case "Softmax" -> ArithmeticOperators.softmax(reader);
            case "ArgMax" -> ArithmeticOperators.argMax(reader);
            case "Relu" -> ArithmeticOperators.pointwise(reader, new ScalarFunction.Clip(0, Float.POSITIVE_INFINITY));
            case "Clip" -> ArithmeticOperators.clip(reader);
            case "LeakyRelu" ->
                ArithmeticOperators.pointwise(reader, new ScalarFunction.LeakyRelu(reader.real("alpha", 0.01f)));
            case "Elu" -> ArithmeticOperators.pointwise(reader, new ScalarFunction.Elu(reader.real("alpha", 1)));
            case "Sigmoid" -> ArithmeticOperators.pointwise(reader, new ScalarFunction.Sigmoid());
            case "Tanh" -> ArithmeticOperators.pointwise(reader, new ScalarFunction.Tanh());
            case "HardSigmoid" ->
                ArithmeticOperators.pointwise(
                        reader, new ScalarFunction.HardSigmoid(reader.real("alpha", 0.2f), reader.real("beta", 0.5f)));
            case "HardSwish" ->
                ArithmeticOperators.pointwise(
                        reader, new ScalarFunction.Gated(new ScalarFunction.HardSigmoid(1f / 6, 0.5f)));
            case "Flatten" -> ShapeOperators.flatten(reader);
            case "Reshape" -> ShapeOperators.reshape(reader);
            case "Squeeze" -> ShapeOperators.squeeze(reader);
            case "Unsqueeze" -> ShapeOperators.unsqueeze(reader);
            case "Transpose" -> ShapeOperators.transpose(reader);
            case "Concat" -> ShapeOperators.concat(reader);
            case "Pad" -> ShapeOperators.pad(reader);
            case "Shape" -> ShapeOperators.shape(reader);
            case "Gather" -> ShapeOperators.gather(reader);
            case "Constant" -> ShapeOperators.constant(reader);
            case "Identity" -> reader.result(reader.input(0));
            case "Dropout" -> dropout(reader);
            case "Cast" -> cast(reader);
            default -> throw reader.unsupported("this operator is not supported");
        }
    }

    /** Nothing outside training. */
    private static void dropout(NodeReader reader) throws OnnxException {
        if (reader.has(2) && reader.floats(2, 1)[0] != 0) {
            throw reader.unsupported("training mode");
        }
        reader.result(reader.input(0));
    }

    /** Nothing, between types that hold more than eight bits of a real number; constants are converted where they are used. */
    private static void cast(NodeReader reader) throws OnnxException {
        long target = reader.integer("to", 0);
        boolean real = target == OnnxType.FLOAT.code()
                || target == OnnxType.FLOAT16.code()
                || target == OnnxType.DOUBLE.code();
        if (!real && !(reader.input(0) instanceof Symbol.Known)) {
            throw reader.unsupported("to element type " + target);
        }
        reader.result(reader.input(0));
    }
}
