package io.engram.inference.onnx;

import java.util.List;
import java.util.Optional;

/** One ONNX node with typed access to its attributes and inputs; what is missing or of another kind is an error. */
final class NodeReader {

    private final OnnxNode node;
    private final ImportScope scope;
    private final long opset;
    /** Set while an operator that only moves elements works on integers. */
    private Optional<Grid> moved = Optional.empty();

    NodeReader(OnnxNode node, ImportScope scope, long opset) {
        this.node = node;
        this.scope = scope;
        this.opset = opset;
    }

    ImportScope scope() {
        return scope;
    }

    long opset() {
        return opset;
    }

    String operator() {
        return node.operator();
    }

    /** The name of the node's first output. */
    String name() {
        return node.outputs().getFirst();
    }

    int inputCount() {
        return node.inputs().size();
    }

    int outputCount() {
        return node.outputs().size();
    }

    boolean hasOutput(int index) {
        return index < node.outputs().size() && !node.outputs().get(index).isEmpty();
    }

    boolean has(int input) {
        return input < node.inputs().size() && !node.inputs().get(input).isEmpty();
    }

    Symbol input(int index) throws MalformedOnnxException {
        if (!has(index)) {
            throw malformed("input " + index + " is missing");
        }
        Symbol symbol = scope.resolve(node.inputs().get(index));
        if (moved.isEmpty() || !(symbol instanceof Symbol.Quantised(Symbol.Computed real, Grid grid))) {
            return symbol;
        }
        if (!grid.equals(moved.get())) {
            throw malformed("integers of different scales");
        }
        return real;
    }

    /** From now on an input of integers is read as the real numbers, and the result is integers of the same grid again. */
    void moveIntegers(Grid grid) {
        moved = Optional.of(grid);
    }

    /** The steps of a constant that was dequantised; none for another. */
    float[] steps(int index, int axis, int count) {
        return has(index)
                ? scope.steps(node.inputs().get(index))
                        .map(steps -> steps.along(axis, count))
                        .orElse(new float[0])
                : new float[0];
    }

    Symbol.Computed computed(int index) throws OnnxException {
        return switch (input(index)) {
            case Symbol.Computed computed -> computed;
            case Symbol.Known _ -> throw unsupported("input " + index + " is a constant");
            case Symbol.Quantised _ -> throw unsupported("input " + index + " is 8-bit integers");
        };
    }

    /** A computed input of rank 4 and batch one. */
    Symbol.Computed image(int index) throws OnnxException {
        return image(computed(index));
    }

    /** The value, if it is of rank 4 and batch one. */
    Symbol.Computed image(Symbol.Computed value) throws OnnxException {
        if (value.shape().length != 4 || value.shape()[0] != 1) {
            throw unsupported("only two-dimensional images, one a sample, are supported");
        }
        return value;
    }

    OnnxTensor constant(int index) throws OnnxException {
        if (input(index) instanceof Symbol.Known(OnnxTensor tensor)) {
            return tensor;
        }
        throw unsupported("input " + index + " must be a constant");
    }

    /** The values of a constant that must have exactly this many. */
    float[] floats(int index, int count) throws OnnxException {
        OnnxTensor tensor = constant(index);
        if (tensor.count() != count) {
            throw malformed("input " + index + " has " + tensor.count() + " elements, not " + count);
        }
        return finite(tensor.floats());
    }

    float[] finite(float[] values) throws MalformedOnnxException {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw malformed("a constant is not finite");
            }
        }
        return values;
    }

    long integer(String name, long fallback) throws MalformedOnnxException {
        OnnxAttribute attribute = node.attributes().get(name);
        if (attribute == null) {
            return fallback;
        }
        if (attribute instanceof OnnxAttribute.OfInt(long value)) {
            return value;
        }
        throw malformed("attribute '" + name + "' is no integer");
    }

    float real(String name, float fallback) throws MalformedOnnxException {
        OnnxAttribute attribute = node.attributes().get(name);
        if (attribute == null) {
            return fallback;
        }
        if (attribute instanceof OnnxAttribute.OfFloat(float value) && !Float.isNaN(value)) {
            return value;
        }
        throw malformed("attribute '" + name + "' is no number");
    }

    String text(String name, String fallback) throws MalformedOnnxException {
        OnnxAttribute attribute = node.attributes().get(name);
        if (attribute == null) {
            return fallback;
        }
        if (attribute instanceof OnnxAttribute.OfText(String value)) {
            return value;
        }
        throw malformed("attribute '" + name + "' is no text");
    }

    Optional<List<Long>> integers(String name) throws MalformedOnnxException {
        OnnxAttribute attribute = node.attributes().get(name);
        if (attribute == null) {
            return Optional.empty();
        }
        if (attribute instanceof OnnxAttribute.OfInts(List<Long> values)) {
            return Optional.of(values);
        }
        throw malformed("attribute '" + name + "' is no list of integers");
    }

    Optional<OnnxAttribute> attribute(String name) {
        return Optional.ofNullable(node.attributes().get(name));
    }

    /** Integers from an attribute in older operator sets and from an input in newer ones; empty where neither is there. */
    Optional<List<Long>> integers(String name, int input) throws OnnxException {
        if (!has(input)) {
            return integers(name);
        }
        return Optional.of(
                java.util.Arrays.stream(constant(input).longs()).boxed().toList());
    }

    /** {@code count} integers in {@code [low, high]}, or the fallback for each. */
    int[] bounded(String name, int count, int fallback, int low, int high) throws MalformedOnnxException {
        Optional<List<Long>> given = integers(name);
        int[] values = new int[count];
        if (given.isEmpty()) {
            java.util.Arrays.fill(values, fallback);
            return values;
        }
        if (given.get().size() != count) {
            throw malformed("attribute '" + name + "' needs " + count + " values");
        }
        for (int i = 0; i < count; i++) {
            long value = given.get().get(i);
            if (value < low || value > high) {
                throw malformed("attribute '" + name + "' holds " + value + ", outside " + low + " to " + high);
            }
            values[i] = (int) value;
        }
        return values;
    }

    /** An axis from 0, given from either end. */
    int axis(long axis, int rank) throws MalformedOnnxException {
        if (axis < -rank || axis >= rank) {
            throw malformed("no axis " + axis + " in " + rank + " dimensions");
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** Adds a float node for this ONNX node. */
    int add(FloatOperation operation, List<Integer> operands, int[] shape) throws MalformedOnnxException {
        return scope.add(name(), operation, operands, shape);
    }

    /** Gives the first output its meaning. */
    void result(int node, int[] shape, boolean channelsLast) throws MalformedOnnxException {
        result(new Symbol.Computed(node, shape, channelsLast));
    }

    void result(Symbol symbol) throws MalformedOnnxException {
        if (symbol instanceof Symbol.Known(OnnxTensor tensor)) {
            scope.reserve(tensor.count());
        }
        if (moved.isPresent() && symbol instanceof Symbol.Computed real) {
            scope.define(name(), new Symbol.Quantised(real, moved.get()));
        } else {
            scope.define(name(), symbol);
        }
    }

    UnsupportedOperatorException unsupported(String reason) {
        return new UnsupportedOperatorException(node.label(), node.operator(), reason);
    }

    MalformedOnnxException malformed(String reason) {
        return new MalformedOnnxException("node '" + node.label() + "' (" + node.operator() + "): " + reason);
    }
}
