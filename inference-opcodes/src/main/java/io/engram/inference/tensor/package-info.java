/** Dense integer tensors. */
@NullMarked
package io.engram.inference.tensor;

import org.jspecify.annotations.NullMarked;
