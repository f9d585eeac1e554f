/** The specification in code: plain, scalar, in the order of the text of docs/inference-spec.md. */
@NullMarked
package io.engram.inference.engine.reference;

import org.jspecify.annotations.NullMarked;
