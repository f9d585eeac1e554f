/**
 * Import of networks on sequences of tokens: ONNX with integer inputs, read into a graph of embeddings, dense layers, norms,
 * attention and curves, calibrated, and written with the operators for transformers.
 */
@NullMarked
package io.engram.inference.transformer;

import org.jspecify.annotations.NullMarked;
