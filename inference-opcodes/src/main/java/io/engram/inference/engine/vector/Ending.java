package io.engram.inference.engine.vector;

import io.engram.inference.tensor.Tensor;

/** What sums of products start from and become. Safe for use by many threads. */
interface Ending {

    /** Sets what the sums of {@code count} channels from {@code channel} on start from. */
    void start(int[] sums, int at, int channel, int count);

    /** Turns the sums into the elements of the result from {@code index} on; may overwrite them. */
    void end(int[] sums, int at, int channel, int count, Tensor result, int index);
}
