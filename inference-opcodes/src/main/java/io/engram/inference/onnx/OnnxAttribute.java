package io.engram.inference.onnx;

import java.util.List;

/** The value of a node's attribute. */
public sealed interface OnnxAttribute {

    record OfFloat(float value) implements OnnxAttribute {}

    record OfInt(long value) implements OnnxAttribute {}

    record OfText(String value) implements OnnxAttribute {}

    record OfTensor(OnnxTensor value) implements OnnxAttribute {}

    record OfFloats(List<Float> values) implements OnnxAttribute {}

    record OfInts(List<Long> values) implements OnnxAttribute {}

    /** Subgraphs, lists of tensors, sparse tensors and types: present in the file, of no use to an importer. */
    record Opaque(int type) implements OnnxAttribute {}
}
