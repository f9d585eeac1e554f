package io.engram.inference.engine;

import io.engram.genesis.Hash;

/**
 * The result for one sample.
 *
 * @param output all outputs in graph order, canonical; not to be written to
 * @param inputRoot over the inputs
 * @param outputRoot over the outputs
 * @param stepsRoot over the step leaves
 * @param steps how many leaves those are
 */
public record Inference(byte[] output, Hash inputRoot, Hash outputRoot, Hash stepsRoot, int steps) {}
