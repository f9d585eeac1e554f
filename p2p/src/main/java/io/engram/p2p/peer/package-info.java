/** The set of peers: who is let in, who is dialled, what a peer may do before it is dropped. */
@NullMarked
package io.engram.p2p.peer;

import org.jspecify.annotations.NullMarked;
