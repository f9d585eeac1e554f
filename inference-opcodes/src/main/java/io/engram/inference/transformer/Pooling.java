package io.engram.inference.transformer;

/** What becomes of the rows that a network gives for its tokens. */
public enum Pooling {
    /** They are the output. */
    NONE,
    /** The mean of the rows that the mask keeps, brought to the length √width: a sentence embedding. */
    MEAN
}
