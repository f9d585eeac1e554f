package io.engram.inference.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns an ONNX graph into a {@link FloatGraph} for one sample. Inputs of rank 4 become channels last, unless the graph
 * itself begins by transposing them from that order; so do outputs of rank 4.
 */
public final class OnnxImporter {

    /** Oldest and newest operator set whose meaning the importer knows. */
    public static final int MIN_OPSET = 7;

    public static final int MAX_OPSET = 22;

    /** Most inputs that are no constants. */
    private static final int MAX_INPUTS = 8;

    /** Operators of ONNX Runtime's own domain that its quantiser writes. */
    private static final Set<String> CONTRIBUTED = Set.of(
            "QuantizeLinear",
            "DequantizeLinear",
            "QLinearAdd",
            "QLinearMul",
            "QLinearConcat",
            "QLinearGlobalAveragePool",
            "QLinearSigmoid",
            "QLinearLeakyRelu");

    /** Operators that take integers as they take real numbers. */
    private static final Set<String> MOVERS =
            Set.of("MaxPool", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Concat", "Identity", "Shape");

    private OnnxImporter() {}

    /** Reads and simplifies. */
    public static FloatGraph importGraph(OnnxModel model) throws OnnxException {
        return importGraph(model, List.of());
    }

    /**
     * As the other, with the shapes of the inputs given.
     *
     * @param shapes in the file's order; empty to take the file's, with a batch of one
     */
    public static FloatGraph importGraph(OnnxModel model, List<List<Integer>> shapes) throws OnnxException {
        return GraphSimplifier.simplify(translate(model, shapes));
    }

    static FloatGraph translate(OnnxModel model) throws OnnxException {
        return translate(model, List.of());
    }

    /** One float node, or a few, for each ONNX node; nothing folded or fused. */
    static FloatGraph translate(OnnxModel model, List<List<Integer>> shapes) throws OnnxException {
        if (model.opset() < MIN_OPSET || model.opset() > MAX_OPSET) {
            throw new MalformedOnnxException(
                    "operator set " + model.opset() + ", known are " + MIN_OPSET + " to " + MAX_OPSET);
        }
        OnnxGraph graph = model.graph();
        ImportScope scope = new ImportScope();
        for (Map.Entry<String, OnnxTensor> constant : graph.initializers().entrySet()) {
            scope.define(constant.getKey(), new Symbol.Known(constant.getValue()));
        }
        Set<String> declaredChannelsLast = declaredChannelsLast(graph);
        int inputs = 0;
        for (OnnxValue input : graph.inputs()) {
            // Before IR version 4 every constant was listed among the inputs too.
            if (!graph.initializers().containsKey(input.name())) {
                if (++inputs > MAX_INPUTS) {
                    throw new MalformedOnnxException("more than " + MAX_INPUTS + " inputs");
                }
                boolean given = inputs <= shapes.size();
                OnnxValue shaped = given ? withShape(input, shapes.get(inputs - 1)) : input;
                input(scope, shaped, declaredChannelsLast.contains(input.name()));
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
            outputs.add(
                    switch (scope.resolve(output.name())) {
                        case Symbol.Computed computed -> computed.node();
                        case Symbol.Quantised quantised -> quantised.real().node();
                        case Symbol.Known _ ->
                            throw new MalformedOnnxException("output '" + output.name() + "' is a constant");
                    });
        }
        if (outputs.isEmpty()) {
            throw new MalformedOnnxException("the graph has no output");
        }
        return scope.finish(outputs);
    }

    /** Values that the graph itself transposes from channels last to channels first. */
    private static Set<String> declaredChannelsLast(OnnxGraph graph) {
        Set<String> names = new HashSet<>();
        for (OnnxNode node : graph.nodes()) {
            if (node.operator().equals("Transpose")
                    && node.attributes().get("perm") instanceof OnnxAttribute.OfInts(List<Long> order)
                    && order.equals(List.of(0L, 3L, 1L, 2L))) {
                names.addAll(node.inputs());
            }
        }
        return names;
    }

    /** The input with the dimensions that the file leaves open. */
    private static OnnxValue withShape(OnnxValue input, List<Integer> shape) throws OnnxException {
        boolean fits = input.shape().isEmpty() || input.shape().size() == shape.size();
        for (int i = 0; fits && i < input.shape().size(); i++) {
            long declared = input.shape().get(i);
            fits = declared == -1 || declared == shape.get(i);
        }
        if (!fits || shape.isEmpty() || shape.getFirst() != 1) {
            throw new UnsupportedOperatorException(
                    input.name(),
                    "Input",
                    "shape " + shape + " does not fit " + input.shape() + " with a batch of one");
        }
        return new OnnxValue(
                input.name(),
                input.type(),
                shape.stream().map(Integer::longValue).toList());
    }

    private static void input(ImportScope scope, OnnxValue input, boolean declaredChannelsLast) throws OnnxException {
        boolean unsigned = input.type() == OnnxType.UINT8.code();
        boolean integers = unsigned || input.type() == OnnxType.INT8.code();
        if (input.type() != OnnxType.FLOAT.code() && !integers) {
            throw new UnsupportedOperatorException(
                    input.name(),
                    "Input",
                    "element type " + input.type() + "; only float32 and 8-bit inputs are supported");
        }
        List<Long> sizes = new ArrayList<>(input.shape());
        for (int i = 0; i < sizes.size(); i++) {
            if (sizes.get(i) == -1 && i > 0) {
                throw new UnsupportedOperatorException(
                        input.name(), "Input", "dimension " + i + " is not fixed; give the input's shape");
            }
            sizes.set(i, sizes.get(i) == -1 ? 1 : sizes.get(i));
        }
        if (sizes.isEmpty()) {
            throw new UnsupportedOperatorException(input.name(), "Input", "it has no shape");
        }
        boolean channelsLast = sizes.size() == 4 && !declaredChannelsLast;
        if (integers) {
            Grid grid = new Grid(1, 0, unsigned ? OnnxType.UINT8 : OnnxType.INT8);
            scope.addInput(input.name(), Shapes.of(sizes), channelsLast, grid);
        } else {
            scope.addInput(input.name(), Shapes.of(sizes), channelsLast);
        }
    }

    private static void read(NodeReader reader, OnnxNode node) throws OnnxException {
        boolean contributed = node.domain().equals("com.microsoft") && CONTRIBUTED.contains(node.operator());
        if (!OnnxDecoder.isStandard(node.domain()) && !contributed) {
            throw reader.unsupported("operators of domain '" + node.domain() + "' are unknown");
        }
        if (MOVERS.contains(node.operator())
                && reader.has(0)
                && reader.input(0) instanceof Symbol.Quantised(Symbol.Computed _, Grid grid)) {
            reader.moveIntegers(grid);
        }
        switch (node.operator()) {
            case "QuantizeLinear" -> QuantizedOperators.quantizeLinear(reader);
            case "DequantizeLinear" -> QuantizedOperators.dequantizeLinear(reader);
            case "QLinearConv" -> QuantizedOperators.convolution(reader);
            case "QLinearMatMul" -> QuantizedOperators.matMul(reader);
            case "ConvInteger" -> QuantizedOperators.convInteger(reader);
            case "MatMulInteger" -> QuantizedOperators.matMulInteger(reader);
            case "QLinearAdd" -> QuantizedOperators.binary(reader, false);
            case "QLinearMul" -> QuantizedOperators.binary(reader, true);
            case "QLinearConcat" -> QuantizedOperators.concat(reader);
            case "QLinearGlobalAveragePool" -> QuantizedOperators.globalAveragePool(reader);
            case "QLinearSigmoid" -> QuantizedOperators.pointwise(reader, new ScalarFunction.Sigmoid());
            case "QLinearLeakyRelu" ->
                QuantizedOperators.pointwise(reader, new ScalarFunction.LeakyRelu(reader.real("alpha", 0.01f)));
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
            case "Slice" -> ShapeConstants.slice(reader);
            case "ConstantOfShape" -> ShapeConstants.filled(reader);
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
