package io.engram.client.divergence;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Asks other validators for the traces of blocks that they proposed. Calls block. Implementations are thread-safe. */
public interface ProposerTraces {

    /** The inference receipts of a proposal as leaf data; empty when the proposer cannot be asked or does not say. */
    Optional<List<Bytes>> receipts(Address proposer, Hash block);

    /**
     * The leaves of an inference's steps.
     *
     * @param inference its place in the block
     * @param steps how many the model has; more are not taken
     */
    Optional<List<Bytes>> steps(Address proposer, Hash block, int inference, int steps);
}
