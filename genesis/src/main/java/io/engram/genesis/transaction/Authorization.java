package io.engram.genesis.transaction;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * One entry of a set-code transaction's authorization list (EIP-7702). The signature is kept as its raw fields, since an
 * entry with an impossible signature is skipped and does not make the transaction invalid.
 *
 * @param chainId 0 for any chain
 * @param nonce unsigned 64-bit
 * @param yParity 0 to 255 as encoded
 */
public record Authorization(UInt256 chainId, Address address, long nonce, int yParity, Hash r, Hash s) {}
