package io.engram.inference.quantize;

/** How the range of a tensor is chosen from what calibration saw of it. */
public enum RangeMethod {
    /** Everything that was seen. */
    MIN_MAX,
    /** All but one value in ten thousand at each end. */
    PERCENTILE,
    /** The range with the least mean squared error. */
    MEAN_SQUARED_ERROR
}
