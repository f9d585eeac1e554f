package io.engram.inference.quantize;

import io.engram.inference.model.Model;
import java.util.List;

/**
 * One way to quantise a network, and the model that it gives.
 *
 * @param roundings how weights were rounded, by node
 * @param corrected whether biases were changed to take away what rounding shifts
 * @param steps for each float node the number of its step, −1 for inputs and constants
 * @param file canonical bytes of the model
 */
record Candidate(
        Equalisation equalisation,
        RangeMethod method,
        List<WeightRounding> roundings,
        boolean corrected,
        ScalePlan plan,
        int[] steps,
        Model model,
        byte[] file) {}
