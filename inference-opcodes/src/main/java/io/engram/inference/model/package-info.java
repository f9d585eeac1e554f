/** The graph of a model, its file, its static check and its price (docs/inference-spec.md, "Model file"). */
@NullMarked
package io.engram.inference.model;

import org.jspecify.annotations.NullMarked;
