package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import java.util.List;

/**
 * One kind of step with its attributes. Zero points are the ones of the operator's own inputs and output; an operator
 * includes bias, requantisation and clamp (protocol A5). Shapes and rules: docs/inference-spec.md, "Operators".
 */
public sealed interface Operator
        permits Conv2d,
                DepthwiseConv2d,
                Dense,
                MatMul,
                MaxPool,
                AveragePool,
                Add,
                Multiply,
                Clamp,
                Concatenate,
                Reshape,
                Transpose,
                Pad,
                Lookup,
                Softmax,
                ArgMax,
                Requantise,
                Gather,
                Slice,
                Normalise,
                Interpolate,
                WideSoftmax,
                DynamicDense,
                Mean,
                WideMatMul,
                WideDense {

    /** The number that stands for the operator in files and step leaves. */
    int code();

    /** For tables and messages. */
    String mnemonic();

    /** The attributes in their canonical order; {@link OperatorCodec#decode} is the inverse. */
    int[] attributes();

    /**
     * Infers the result and proves that no sum or product leaves its integer.
     *
     * @throws MalformedModelException when the inputs do not fit the operator
     */
    StepFacts check(List<Value> inputs) throws MalformedModelException;
}
