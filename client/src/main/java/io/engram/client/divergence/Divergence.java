package io.engram.client.divergence;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.Optional;

/**
 * What came of looking into a block whose inference root this node did not reproduce.
 *
 * @param proposer who made the block
 * @param verdict whose result the reference does not confirm
 * @param backend of this node, when it judged the block
 * @param place where the two differ; absent where it cannot be told
 * @param detail in words
 */
public record Divergence(
        long blockNumber,
        Hash block,
        Address proposer,
        Verdict verdict,
        String backend,
        Optional<Place> place,
        String detail) {

    /** Who is wrong by the reference back end. */
    public enum Verdict {
        /** The proposer: the reference gives another root than the block. */
        PROPOSER,
        /** This node: the reference agrees with the block. */
        THIS_NODE
    }

    /**
     * The first difference.
     *
     * @param inference place among the block's inferences
     * @param step index of the node in the model's graph
     * @param operator mnemonic
     * @param claimed root of the step's result on the side that is wrong
     * @param recomputed the same by the reference, the step run alone
     */
    public record Place(int inference, Hash modelId, int step, String operator, Hash claimed, Hash recomputed) {}
}
