package io.engram.inference.engine;

/**
 * Threads of an inference on the processor. No choice changes results.
 *
 * @param split that a step is split over, the caller's included, at least 1
 * @param hashing whether one more thread hashes the results of steps while the next are computed; the native back end has it
 */
public record InferenceThreads(int split, boolean hashing) {

    static InferenceThreads of(int split) {
        return new InferenceThreads(split, false);
    }
}
