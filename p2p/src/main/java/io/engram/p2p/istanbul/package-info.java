/** The sub-protocol in which QBFT validators talk, as Besu has it. */
@NullMarked
package io.engram.p2p.istanbul;

import org.jspecify.annotations.NullMarked;
