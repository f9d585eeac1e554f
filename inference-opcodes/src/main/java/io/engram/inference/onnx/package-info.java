/** ONNX files: the wire format, the model as records, the float graph and its interpreter. */
@NullMarked
package io.engram.inference.onnx;

import org.jspecify.annotations.NullMarked;
