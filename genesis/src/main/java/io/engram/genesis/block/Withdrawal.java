package io.engram.genesis.block;

import io.engram.genesis.Address;

/**
 * A balance increase from the consensus layer (EIP-4895).
 *
 * @param index unsigned 64-bit
 * @param validatorIndex unsigned 64-bit
 * @param amount gwei, unsigned 64-bit
 */
public record Withdrawal(long index, long validatorIndex, Address address, long amount) {}
