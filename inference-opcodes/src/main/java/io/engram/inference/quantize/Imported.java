package io.engram.inference.quantize;

import io.engram.inference.model.Model;
import io.engram.inference.onnx.FloatGraph;

/**
 * The result of an import.
 *
 * @param file the canonical {@code .egm} bytes of the model
 * @param network the float network that was quantised
 */
public record Imported(Model model, byte[] file, FloatGraph network, QuantizationReport report) {}
