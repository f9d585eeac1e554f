package io.engram.client.consensus.qbft;

import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.genesis.Hash;
import java.util.Set;

/** The end of an attempt to make a block. */
public sealed interface BuildOutcome {

    /**
     * @param block complete, executed and unsealed
     * @param models whose inferences it holds
     */
    record Built(BftBlock block, Set<Hash> models) implements BuildOutcome {
        public Built {
            models = Set.copyOf(models);
        }
    }

    /** This node cannot make a block at present. */
    record LocalFault(String reason) implements BuildOutcome {}
}
