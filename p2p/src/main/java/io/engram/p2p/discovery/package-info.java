/** Finding nodes: discovery v4, discovery v5, and what both share. */
@NullMarked
package io.engram.p2p.discovery;

import org.jspecify.annotations.NullMarked;
