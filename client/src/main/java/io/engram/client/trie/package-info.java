/** Merkle Patricia tries (yellow paper, appendix D) over nodes keyed by their path. */
@NullMarked
package io.engram.client.trie;

import org.jspecify.annotations.NullMarked;
