/**
 * The sub-protocol by which models travel: who holds which, their chunks, the validators' attestations; and what a block's
 * inferences left behind. {@code docs/consensus.md} has its messages.
 */
@NullMarked
package io.engram.p2p.mdl;

import org.jspecify.annotations.NullMarked;
