package io.engram.inference.operator;

/**
 * What the checker learns of one step.
 *
 * @param result the value it makes
 * @param macs multiply–accumulates of dense, matrix and ordinary convolution kind
 * @param depthwiseMacs multiply–accumulates of depthwise kind
 * @param elements element operations, weighted as the specification's table says
 */
public record StepFacts(Value result, long macs, long depthwiseMacs, long elements) {

    static StepFacts of(Value result, long elements) {
        return new StepFacts(result, 0, 0, elements);
    }
}
