package io.engram.inference.model;

import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;

/**
 * An input of the graph, for one sample.
 *
 * @param shape its first dimension is the batch, 1
 * @param lo smallest value that callers may give
 * @param hi largest value that callers may give
 * @param scale of the real numbers: {@code real = (x − zeroPoint) · scale}
 */
public record GraphInput(TensorType type, Shape shape, int lo, int hi, Scale scale, int zeroPoint) {}
