package io.engram.client.exchange;

import io.engram.genesis.Hash;

/**
 * What validators may say of a model that they have attested: that it stops, or goes on, from the next block (protocol E3).
 *
 * @param suspended whether it is to stop
 * @param nonce changes of this kind that the model has seen; each makes signatures of earlier ones worthless
 */
public record Suspension(Hash modelId, boolean suspended, long nonce) {}
