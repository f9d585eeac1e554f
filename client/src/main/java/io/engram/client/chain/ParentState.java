package io.engram.client.chain;

import io.engram.evm.state.StateChanges;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Hash;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * What a block is executed on.
 *
 * @param head the parent
 * @param state after the parent
 * @param ancestors block hashes by number, of the parent and those before it
 * @param rootAfter the state root that the parent's state has after some changes: receipts before Byzantium hold it
 */
public record ParentState(
        ChainStore.Head head,
        StateReader state,
        LongFunction<Hash> ancestors,
        Function<StateChanges, Hash> rootAfter) {}
