/** Proofs of one step of one inference for those who follow no chain: made by nodes, checked against a genesis file alone. */
@NullMarked
package io.engram.client.light;

import org.jspecify.annotations.NullMarked;
