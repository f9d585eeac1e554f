package io.engram.inference.transformer;

import io.engram.inference.onnx.OnnxNode;
import io.engram.inference.onnx.OnnxTensor;
import java.util.List;
import java.util.Optional;

/**
 * One result of one ONNX node with its shape, or a constant, or an input of the graph. Compared by identity: one object for
 * each value of the file.
 */
final class Expression {

    static final String INPUT = "Input";
    static final String CONSTANT = "Constant";

    private final String name;
    private final String operator;
    private final List<Expression> inputs;
    private final int[] shape;
    private final Optional<OnnxTensor> constant;
    private final Optional<OnnxNode> node;
    private final int output;

    private Expression(
            String name,
            String operator,
            List<Expression> inputs,
            int[] shape,
            Optional<OnnxTensor> constant,
            Optional<OnnxNode> node,
            int output) {
        this.name = name;
        this.operator = operator;
        this.inputs = List.copyOf(inputs);
        this.shape = shape;
        this.constant = constant;
        this.node = node;
        this.output = output;
    }

    static Expression input(String name, int[] shape) {
        return new Expression(name, INPUT, List.of(), shape, Optional.empty(), Optional.empty(), 0);
    }

    static Expression constant(String name, OnnxTensor tensor) {
        return new Expression(name, CONSTANT, List.of(), tensor.shape(), Optional.of(tensor), Optional.empty(), 0);
    }

    static Expression computed(OnnxNode node, int output, List<Expression> inputs, int[] shape) {
        return new Expression(
                node.label(), node.operator(), inputs, shape, Optional.empty(), Optional.of(node), output);
    }

    String name() {
        return name;
    }

    /** The ONNX operator, {@link #INPUT} or {@link #CONSTANT}. */
    String operator() {
        return operator;
    }

    boolean is(String type) {
        return operator.equals(type);
    }

    List<Expression> inputs() {
        return inputs;
    }

    Expression input(int index) {
        return inputs.get(index);
    }

    int[] shape() {
        return shape;
    }

    int rank() {
        return shape.length;
    }

    Optional<OnnxTensor> constant() {
        return constant;
    }

    boolean isConstant() {
        return constant.isPresent();
    }

    /** Whether it is a constant of one element. */
    boolean isScalar() {
        return constant.isPresent() && constant.get().count() == 1;
    }

    /** The one element of a scalar. */
    double scalar() {
        return constant.orElseThrow().floats()[0];
    }

    /** Which result of its node this is. */
    int output() {
        return output;
    }

    /** A real attribute of the node, or {@code otherwise}. */
    double real(String key, double otherwise) {
        return node.map(n -> Attributes.real(n, key, otherwise)).orElse(otherwise);
    }

    /** An integer attribute of the node, or {@code otherwise}. */
    long integer(String key, long otherwise) {
        return node.map(n -> Attributes.integer(n, key, otherwise)).orElse(otherwise);
    }

    /** How a Transpose orders the axes. */
    int[] permutation() {
        return ShapeRules.permutation(node.orElseThrow(), rank());
    }

    @Override
    public String toString() {
        return operator + " '" + name + "'";
    }
}
