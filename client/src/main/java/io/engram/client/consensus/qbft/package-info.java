/**
 * The QBFT state machine: events in, calls of small interfaces out. No threads, no sockets, no storage, no wall clock, so
 * that a whole network of it runs in one thread.
 */
@NullMarked
package io.engram.client.consensus.qbft;

import org.jspecify.annotations.NullMarked;
