/** QBFT messages: sub-protocol {@code istanbul}, version 100, in both shapes that Besu has sent. */
@NullMarked
package io.engram.client.consensus.qbft.message;

import org.jspecify.annotations.NullMarked;
