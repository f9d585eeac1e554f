/** The chain and the pool on the network: serving, syncing, following the head, gossip. */
@NullMarked
package io.engram.client.sync;

import org.jspecify.annotations.NullMarked;
