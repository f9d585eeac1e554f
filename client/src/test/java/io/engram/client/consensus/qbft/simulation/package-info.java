/** A network of validators in one thread: virtual clock, seeded faults, and what must hold all the same. */
@NullMarked
package io.engram.client.consensus.qbft.simulation;

import org.jspecify.annotations.NullMarked;
