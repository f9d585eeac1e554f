package io.engram.evm;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.Fork;
import java.util.function.LongFunction;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * What the EVM may know of the block it executes in.
 *
 * @param coinbase receives priority fees; what COINBASE pushes
 * @param timestamp seconds since 1970
 * @param difficultyOrRandao what opcode 0x44 pushes: difficulty before Paris, prevRandao from Paris on
 * @param baseFee zero before London
 * @param blobBaseFee zero before Cancun
 * @param blockHash hash of an ancestor by number; called only for the 256 blocks before this one
 */
public record BlockContext(
        Fork fork,
        UInt256 chainId,
        long number,
        long timestamp,
        long gasLimit,
        Address coinbase,
        UInt256 difficultyOrRandao,
        Wei baseFee,
        Wei blobBaseFee,
        LongFunction<Hash> blockHash) {}
