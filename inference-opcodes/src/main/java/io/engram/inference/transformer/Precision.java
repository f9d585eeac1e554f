package io.engram.inference.transformer;

/** What dense layers multiply by their int8 weights. */
public enum Precision {
    /** int8, each row scaled by its own largest element when it runs: half the work. */
    INT8,
    /** int16: as close to the float network as the weights are. */
    INT16
}
