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

/**
 * A dynamically quantised ONNX file with its dense layers in floating point: the same weights, no rounding of activations.
 * What ONNX Runtime makes of it is the float network; what it makes of the file itself has noise of its own.
 */
final class FloatTwin {

    private FloatTwin() {}

    static byte[] of(OnnxModel model) {
        Map<String, OnnxNode> makers = new LinkedHashMap<>();
        model.graph().nodes().forEach(node -> node.outputs().forEach(output -> makers.put(output, node)));
        Map<String, OnnxTensor> initializers = new LinkedHashMap<>(model.graph().initializers());
        List<OnnxNode> nodes = new ArrayList<>();
        for (OnnxNode node : model.graph().nodes()) {
            switch (node.operator()) {
                case "DynamicQuantizeLinear", "MatMulInteger" -> {}
                case "Cast" -> {
                    if (!isProduct(makers.get(node.inputs().getFirst()))) {
                        nodes.add(node);
                    }
                }
                case "Mul" -> {
                    OnnxNode first = makers.get(node.inputs().getFirst());
                    if (first != null && first.operator().equals("DynamicQuantizeLinear")) {
                        continue;
                    }
                    if (first != null
                            && first.operator().equals("Cast")
                            && isProduct(makers.get(first.inputs().getFirst()))) {
                        nodes.add(product(node, makers, initializers));
                    } else {
                        nodes.add(node);
                    }
                }
                default -> nodes.add(node);
            }
        }
        OnnxGraph graph = new OnnxGraph(
                model.graph().name(),
                nodes,
                initializers,
                model.graph().inputs(),
                model.graph().outputs());
        return OnnxEncoder.encode(new OnnxModel(model.irVersion(), model.opset(), model.producer(), graph));
    }

    private static boolean isProduct(OnnxNode node) {
        return node != null && node.operator().equals("MatMulInteger");
    }

    private static OnnxNode product(OnnxNode mul, Map<String, OnnxNode> makers, Map<String, OnnxTensor> initializers) {
        OnnxNode product =
                makers.get(makers.get(mul.inputs().getFirst()).inputs().getFirst());
        OnnxNode scales = makers.get(mul.inputs().get(1));
        OnnxTensor integers = initializers.get(product.inputs().get(1));
        float[] steps = initializers.get(scales.inputs().get(1)).floats();
        long[] levels = integers.longs();
        float[] values = new float[levels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = levels[i] * steps[i % steps.length];
        }
        String name = product.inputs().get(1) + "_float";
        initializers.put(name, OnnxTensor.ofFloats(name, integers.shape(), values));
        String operand = makers.get(product.inputs().getFirst()).inputs().getFirst();
        return new OnnxNode(mul.name(), "MatMul", "", List.of(operand, name), mul.outputs(), Map.of());
    }
}
