package io.engram.inference.transformer;

import io.engram.inference.onnx.Weights;
import java.util.function.DoubleUnaryOperator;

/** What a node of a {@link SequenceGraph} computes, in real numbers. Arrays are never changed after construction. */
sealed interface SequenceOperation {

    /** Whole numbers from the caller. */
    record Input(String name, int lo, int hi) implements SequenceOperation {}

    record Constant(float[] values) implements SequenceOperation {}

    /** Row i of a table is {@code levels[i·width …] · step}. Input: the numbers of the rows. */
    record Embedding(byte[] levels, int width, double step) implements SequenceOperation {}

    /** Over the last axis; the weights' output channel is the last axis. */
    record Dense(Weights weights) implements SequenceOperation {}

    /** Element by element, a dimension of 1 repeated. */
    record Sum() implements SequenceOperation {}

    /** Element by element, a dimension of 1 repeated. */
    record Product() implements SequenceOperation {}

    /** Layer norm or, not centred, RMS norm, over the last axis. */
    record Norm(boolean centred, float[] gains, float[] biases, double epsilon) implements SequenceOperation {}

    /** A function of each element. */
    record Curve(DoubleUnaryOperator function) implements SequenceOperation {}

    /** A positive factor. */
    record Factor(double factor) implements SequenceOperation {}

    /** Over the last two axes; the second operand may be given with them exchanged. */
    record MatMul(boolean transposed) implements SequenceOperation {}

    /** Over the last axis. Inputs: scores and, if masked, a mask: 0 masks. */
    record Softmax(boolean masked) implements SequenceOperation {}

    record Reshape() implements SequenceOperation {}

    record Transpose(int[] permutation) implements SequenceOperation {}

    /** Over axis 1, of the positions that the mask, the second input, keeps. */
    record Mean() implements SequenceOperation {}
}
