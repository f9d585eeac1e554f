package io.engram.inference.quantize;

/** Which results inside a network are int16 instead of int8. */
public enum WideValues {
    /** None. */
    NONE,
    /** Sums that later sums read, and layers that only sums read: what a residual network carries along. */
    SUMS,
    /**
     * All that operators can give. Layers that look at one position read int16; convolutions with a window read an int8 copy
     * whose channels have a scale each.
     */
    ALL
}
