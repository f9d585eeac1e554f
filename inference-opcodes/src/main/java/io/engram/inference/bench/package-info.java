/** Networks of known shapes with random weights, for measurements. */
@NullMarked
package io.engram.inference.bench;

import org.jspecify.annotations.NullMarked;
