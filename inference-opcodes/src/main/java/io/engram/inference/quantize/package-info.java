/** Post-training quantisation: calibration data, ranges, and the step from a float graph to a model. */
@NullMarked
package io.engram.inference.quantize;

import org.jspecify.annotations.NullMarked;
