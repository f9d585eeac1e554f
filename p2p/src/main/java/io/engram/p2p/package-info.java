/** RLPx on Netty, peers, and the wire protocols. */
@NullMarked
package io.engram.p2p;

import org.jspecify.annotations.NullMarked;
