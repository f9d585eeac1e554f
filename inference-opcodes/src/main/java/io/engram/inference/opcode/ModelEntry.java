package io.engram.inference.opcode;

import io.engram.genesis.Address;
import io.engram.inference.model.ModelFacts;

/**
 * What the registry says of a model.
 *
 * @param author whom royalties go to
 * @param royalty the part of the base fee that the author asks for, in 1/65536; the chain's share is its upper bound
 */
public record ModelEntry(Address author, int royalty, ModelStatus status, ModelFacts facts) {}
