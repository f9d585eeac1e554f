package io.engram.evm.extension;

import io.engram.genesis.Address;
import io.engram.genesis.Wei;

/** An amount that a transaction's end adds to an account. */
public record Credit(Address beneficiary, Wei amount) {}
