package io.engram.client.consensus.qbft;

import io.engram.genesis.Hash;
import java.util.Set;

/** What this node found when it executed a proposed block itself. */
public sealed interface BlockVerdict {

    /**
     * Models whose inferences the block holds, as far as they are known.
     *
     * @see InferencePolicy
     */
    Set<Hash> models();

    /** Every rule holds and every root was reproduced, the inference root by this node's own back end. */
    record Valid(Set<Hash> models) implements BlockVerdict {
        public Valid {
            models = Set.copyOf(models);
        }
    }

    record Invalid(String reason, Set<Hash> models) implements BlockVerdict {
        public Invalid {
            models = Set.copyOf(models);
        }
    }

    /** This node cannot tell. It neither prepares the block nor says anything against it. */
    record LocalFault(String reason, Set<Hash> models) implements BlockVerdict {
        public LocalFault {
            models = Set.copyOf(models);
        }
    }
}
