/** Recursive length prefix: strict reading and writing (yellow paper, appendix B). */
@NullMarked
package io.engram.genesis.rlp;

import org.jspecify.annotations.NullMarked;
