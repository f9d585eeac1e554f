package io.engram.inference.opcode;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.inference.engine.Inference;

/**
 * One inference that was paid for and computed.
 *
 * @param share the author's part of the base fee, in 1/65536
 * @param gas inference gas of this sample
 */
record InferenceCharge(Hash modelId, Address author, int share, long gas, Inference inference) {}
