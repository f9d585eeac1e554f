/** Where validators' inferences differ: which step, on whose side the fault is, and what is needed to find out. */
@NullMarked
package io.engram.client.divergence;

import org.jspecify.annotations.NullMarked;
