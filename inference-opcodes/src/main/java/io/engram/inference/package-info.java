/** Deterministic integer inference. The normative text is docs/inference-spec.md. */
@NullMarked
package io.engram.inference;

import org.jspecify.annotations.NullMarked;
