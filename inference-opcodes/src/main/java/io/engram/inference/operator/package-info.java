/** The operators of a graph: attributes, shapes and value ranges (docs/inference-spec.md, "Operators"). */
@NullMarked
package io.engram.inference.operator;

import org.jspecify.annotations.NullMarked;
