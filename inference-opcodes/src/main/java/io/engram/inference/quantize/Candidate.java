package io.engram.inference.quantize;

import io.engram.inference.model.Model;
import io.engram.inference.tensor.TensorType;

/**
 * One way to quantise a network, and the model that it gives.
 *
 * @param sums type of the sums that a residual network carries along
 * @param corrected whether biases were changed to take away what rounding shifts
 * @param steps for each float node the number of its step, −1 for inputs and constants
 * @param file canonical bytes of the model
 */
record Candidate(
        Equalisation equalisation,
        RangeMethod method,
        TensorType sums,
        boolean corrected,
        ScalePlan plan,
        int[] steps,
        Model model,
        byte[] file) {}
