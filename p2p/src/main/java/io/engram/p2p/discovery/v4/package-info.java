/** The node discovery protocol, version 4 (devp2p, discv4.md; EIP-8; EIP-868). */
@NullMarked
package io.engram.p2p.discovery.v4;

import org.jspecify.annotations.NullMarked;
