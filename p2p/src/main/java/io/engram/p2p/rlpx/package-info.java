/** RLPx: encrypted and authenticated sessions between two nodes (devp2p specification, rlpx.md, version 5). */
@NullMarked
package io.engram.p2p.rlpx;

import org.jspecify.annotations.NullMarked;
