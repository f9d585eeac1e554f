package io.engram.client.bench;

import io.engram.genesis.Hash;

/**
 * A call of a precompiled contract to be measured.
 *
 * @param contract its name
 * @param shape what makes this input worth measuring
 * @param address number of the contract
 * @param digest Keccak-256 of the right output
 */
public record PrecompileInput(String contract, String shape, int address, byte[] input, Hash digest) {}
