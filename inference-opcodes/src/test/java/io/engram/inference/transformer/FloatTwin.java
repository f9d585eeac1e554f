package io.engram.inference.transformer;

import io.engram.inference.onnx.OnnxEncoder;
import io.engram.inference.onnx.OnnxGraph;
import io.engram.inference.onnx.OnnxModel;
import io.engram.inference.onnx.OnnxNode;
import io.engram.inference.onnx.OnnxTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A dynamically quantised ONNX file with its dense layers in floating point: the same weights, no rounding of activations.
 * What ONNX Runtime makes of it is the float network; what it makes of the file itself has noise of its own.
 */
final class FloatTwin {

    private final Map<String, OnnxNode> makers = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> initializers;

    private FloatTwin(OnnxGraph graph) {
        graph.nodes().forEach(node -> node.outputs().forEach(output -> makers.put(output, node)));
        this.initializers = new LinkedHashMap<>(graph.initializers());
    }

    static byte[] of(OnnxModel model) {
        OnnxGraph from = model.graph();
        FloatTwin twin = new FloatTwin(from);
        List<OnnxNode> nodes = new ArrayList<>();
        from.nodes().forEach(node -> twin.rewritten(node).ifPresent(nodes::add));
        OnnxGraph graph = new OnnxGraph(from.name(), nodes, twin.initializers, from.inputs(), from.outputs());
        return OnnxEncoder.encode(new OnnxModel(model.irVersion(), model.opset(), model.producer(), graph));
    }

    private Optional<OnnxNode> rewritten(OnnxNode node) {
        return switch (node.operator()) {
            case "DynamicQuantizeLinear", "MatMulInteger" -> Optional.empty();
            case "Cast" -> isMadeBy(node, "MatMulInteger") ? Optional.empty() : Optional.of(node);
            case "Mul" -> {
                if (isMadeBy(node, "DynamicQuantizeLinear")) {
                    yield Optional.empty();
                }
                boolean scaled = isMadeBy(node, "Cast") && isMadeBy(maker(node, 0), "MatMulInteger");
                yield Optional.of(scaled ? product(node) : node);
            }
            default -> Optional.of(node);
        };
    }

    /** Whether the first input of a node is the result of an operator. */
    private boolean isMadeBy(OnnxNode node, String operator) {
        OnnxNode maker =
                node.inputs().isEmpty() ? null : makers.get(node.inputs().getFirst());
        return maker != null && maker.operator().equals(operator);
    }

    private OnnxNode maker(OnnxNode node, int input) {
        return Objects.requireNonNull(makers.get(node.inputs().get(input)));
    }

    private OnnxTensor initializer(OnnxNode node, int input) {
        return Objects.requireNonNull(initializers.get(node.inputs().get(input)));
    }

    private OnnxNode product(OnnxNode mul) {
        OnnxNode product = maker(maker(mul, 0), 0);
        OnnxTensor integers = initializer(product, 1);
        float[] steps = initializer(maker(mul, 1), 1).floats();
        long[] levels = integers.longs();
        float[] values = new float[levels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = levels[i] * steps[i % steps.length];
        }
        String name = product.inputs().get(1) + "_float";
        initializers.put(name, OnnxTensor.ofFloats(name, integers.shape(), values));
        String operand = maker(product, 0).inputs().getFirst();
        return new OnnxNode(mul.name(), "MatMul", "", List.of(operand, name), mul.outputs(), Map.of());
    }
}
