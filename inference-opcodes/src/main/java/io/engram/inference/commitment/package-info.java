/** Merkle commitments: tensors, models, steps, inference receipts (protocol B). */
@NullMarked
package io.engram.inference.commitment;

import org.jspecify.annotations.NullMarked;
