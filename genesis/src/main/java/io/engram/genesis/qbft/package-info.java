/** QBFT extra data and the hashes that depend on it, as Besu computes them. */
@NullMarked
package io.engram.genesis.qbft;

import org.jspecify.annotations.NullMarked;
