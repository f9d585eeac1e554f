package io.engram.client.pool;

import io.engram.evm.state.StateReader;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.Fork;

/**
 * What the pool judges transactions by.
 *
 * @param fork rules of the next block
 * @param baseFee of the next block; zero before London
 * @param gasLimit of the next block
 * @param state after the head block
 */
public record PoolHead(Fork fork, Wei baseFee, long gasLimit, StateReader state) {}
