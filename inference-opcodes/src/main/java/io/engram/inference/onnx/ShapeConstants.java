package io.engram.inference.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** ONNX operators that exporters use to compute shapes and fill tensors, here on constants alone. */
final class ShapeConstants {

    private ShapeConstants() {}

    /** A tensor of one value. The scope bounds what all of them hold together. */
    static void filled(NodeReader reader) throws OnnxException {
        long[] wanted = reader.constant(0).longs();
        if (wanted.length > OnnxDecoder.MAX_RANK) {
            throw reader.malformed("more than " + OnnxDecoder.MAX_RANK + " dimensions");
        }
        int[] shape = Shapes.of(Arrays.stream(wanted).boxed().toList());
        int count = Shapes.count(shape);
        reader.scope().reserve(count);
        OnnxTensor value = OnnxTensor.ofFloats("", new int[] {1}, new float[] {0});
        if (reader.attribute("value").isPresent()) {
            if (!(reader.attribute("value").get() instanceof OnnxAttribute.OfTensor(OnnxTensor given))
                    || given.count() != 1) {
                throw reader.malformed("attribute 'value' is not one number");
            }
            value = given;
        }
        byte[] raw = new byte[count * value.type().width()];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = value.raw()[i % value.raw().length];
        }
        reader.result(new Symbol.Known(new OnnxTensor("", value.type(), shape, raw)));
    }

    /** Part of a list of integers. */
    static void slice(NodeReader reader) throws OnnxException {
        OnnxTensor list = reader.constant(0);
        if (list.shape().length != 1 || list.count() > OnnxDecoder.MAX_RANK) {
            throw reader.unsupported("constants other than shapes");
        }
        boolean attributes = reader.opset() < 10;
        long start = only(reader, attributes ? reader.integers("starts") : reader.integers("starts", 1));
        long end = only(reader, attributes ? reader.integers("ends") : reader.integers("ends", 2));
        Optional<List<Long>> steps = attributes ? Optional.empty() : reader.integers("steps", 4);
        Optional<List<Long>> axes = attributes ? reader.integers("axes") : reader.integers("axes", 3);
        if (steps.isPresent() && only(reader, steps) != 1) {
            throw reader.unsupported("a step other than 1");
        }
        if (axes.isPresent()) {
            reader.axis(only(reader, axes), 1);
        }
        int from = bound(start, list.count());
        int to = Math.max(from, bound(end, list.count()));
        long[] part = Arrays.copyOfRange(list.longs(), from, to);
        reader.result(new Symbol.Known(OnnxTensor.ofLongs("", new int[] {part.length}, part)));
    }

    private static long only(NodeReader reader, Optional<List<Long>> values) throws OnnxException {
        if (values.isEmpty() || values.get().size() != 1) {
            throw reader.malformed("a slice of a list needs one start and one end");
        }
        return values.get().getFirst();
    }

    private static int bound(long position, int length) {
        return Math.clamp(position < 0 ? position + length : position, 0, length);
    }
}
