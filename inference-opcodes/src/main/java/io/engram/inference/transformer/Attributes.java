package io.engram.inference.transformer;

import io.engram.inference.onnx.OnnxAttribute;
import io.engram.inference.onnx.OnnxNode;
import java.util.List;
import java.util.Optional;

/** Attributes of an ONNX node by name. */
final class Attributes {

    private Attributes() {}

    static long integer(OnnxNode node, String key, long otherwise) {
        return node.attributes().get(key) instanceof OnnxAttribute.OfInt(long value) ? value : otherwise;
    }

    static double real(OnnxNode node, String key, double otherwise) {
        return node.attributes().get(key) instanceof OnnxAttribute.OfFloat(float value) ? value : otherwise;
    }

    static Optional<long[]> integers(OnnxNode node, String key) {
        return node.attributes().get(key) instanceof OnnxAttribute.OfInts(List<Long> values)
                ? Optional.of(values.stream().mapToLong(Long::longValue).toArray())
                : Optional.empty();
    }
}
