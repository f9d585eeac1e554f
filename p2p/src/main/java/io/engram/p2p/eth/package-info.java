/** The Ethereum wire protocol, versions 68 and 69 (devp2p, caps/eth.md; EIP-7642), and fork ids (EIP-2124). */
@NullMarked
package io.engram.p2p.eth;

import org.jspecify.annotations.NullMarked;
