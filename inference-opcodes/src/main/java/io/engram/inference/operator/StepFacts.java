package io.engram.inference.operator;

import io.engram.inference.tensor.Shape;

/**
 * What the checker learns of one step.
 *
 * @param result the value it makes
 * @param macs multiply–accumulates of dense, matrix and ordinary convolution kind
 * @param depthwiseMacs multiply–accumulates of depthwise kind, and of products too narrow to share what they load
 * @param elements element operations, weighted as the specification's table says
 */
public record StepFacts(Value result, long macs, long depthwiseMacs, long elements) {

    /** Channels, rows or columns below which a product counts as depthwise. */
    static final int NARROW = 16;

    static StepFacts of(Value result, long elements) {
        return new StepFacts(result, 0, 0, elements);
    }

    /** Whether the matrices of a product have so few rows or columns that they count as depthwise. */
    static boolean isNarrow(Shape product) {
        return Math.min(product.last(), product.dimension(product.rank() - 2)) < NARROW;
    }

    /** @param narrow whether the products count as depthwise */
    static StepFacts products(Value result, long macs, boolean narrow, long elements) {
        return new StepFacts(result, narrow ? 0 : macs, narrow ? macs : 0, elements);
    }
}
