package io.engram.inference.engine;

import io.engram.genesis.Hash;
import io.engram.inference.commitment.InferenceForm;

/**
 * The result for one sample.
 *
 * @param form of inputs and outputs
 * @param output all outputs in graph order, canonical; not to be written to
 * @param inputRoot over the inputs
 * @param outputRoot over the outputs
 * @param stepsRoot over the step leaves
 * @param steps how many leaves those are; 0 where the result was computed elsewhere
 */
public record Inference(
        InferenceForm form, byte[] output, Hash inputRoot, Hash outputRoot, Hash stepsRoot, int steps) {}
