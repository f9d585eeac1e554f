package io.engram.client.state;

import io.engram.evm.state.StateChanges;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/** The committed states of the canonical chain. Thread-safe; a reader keeps its view while later blocks commit. */
public interface WorldState {

    /** State after the head block. */
    StateReader head();

    /** State after the canonical block of this number; absent when the node does not have it. */
    Optional<StateReader> at(long blockNumber);

    /** State root of the head block. */
    Hash root();

    /**
     * Computes the root that the head state has after {@code changes}, and the writes that would make it so. Nothing is
     * written; {@link io.engram.client.chain.ChainStore#append} does that, and only while the head is still the one that
     * this was staged on.
     */
    StagedState stage(StateChanges changes);

    /**
     * Merkle proof of an account and some of its slots (EIP-1186) against the state root of the given block; absent when
     * the node no longer holds the trie of that block.
     */
    Optional<AccountProof> prove(Address address, List<UInt256> slots, long blockNumber);
}
