/** Fuzz targets: with the stored inputs in every build, with the fuzzer's own under {@code -Pfuzz}. */
@NullMarked
package io.engram.fuzz;

import org.jspecify.annotations.NullMarked;
