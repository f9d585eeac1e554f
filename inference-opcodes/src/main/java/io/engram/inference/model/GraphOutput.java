package io.engram.inference.model;

/**
 * An output of the graph.
 *
 * @param value the value that is given out, always the result of a node
 * @param scale of the real numbers: {@code real = (y − zeroPoint) · scale}
 */
public record GraphOutput(int value, Scale scale, int zeroPoint) {}
