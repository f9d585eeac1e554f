package io.engram.p2p.mdl;

import io.engram.genesis.Hash;

/**
 * The first message of both sides.
 *
 * @param inferenceConfigHash of the chain's rules of inference; nodes where it differs do not talk
 * @param activeRoot root of the set of active models that the node holds
 */
public record MdlStatus(Hash inferenceConfigHash, Hash activeRoot) {}
