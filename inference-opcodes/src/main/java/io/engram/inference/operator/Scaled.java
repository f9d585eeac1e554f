package io.engram.inference.operator;

/** One rescaled input: {@code rescale(x − zeroPoint)}. */
public record Scaled(int zeroPoint, Rescale rescale) {}
