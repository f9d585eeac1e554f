/** The native back end: kernels in C (src/main/native), planned from here. See docs/decisions/native-kernels.md. */
@NullMarked
package io.engram.inference.engine.natives;

import org.jspecify.annotations.NullMarked;
