package io.engram.client.consensus.qbft;

import io.engram.genesis.Hash;
import java.util.Set;

/**
 * Which transactions a proposer leaves out (protocol F3). Policy, not validity: a height must not be lost over one model
 * that some validators cannot compute at present.
 */
public sealed interface InferencePolicy {

    /** Rounds from which models on which a round of the height was lost are left out, and then all models. */
    int SUSPECTS_FROM_ROUND = 2;

    int NONE_FROM_ROUND = 4;

    /** Whether transactions that call the model may be taken. */
    default boolean admits(Hash model) {
        return switch (this) {
            case All all -> true;
            case Except except -> !except.models().contains(model);
            case NoInference none -> false;
        };
    }

    /** Every transaction may be taken. */
    record All() implements InferencePolicy {}

    /** None that calls one of these models. */
    record Except(Set<Hash> models) implements InferencePolicy {
        public Except {
            models = Set.copyOf(models);
        }
    }

    /** None that calls a model. */
    record NoInference() implements InferencePolicy {}

    static InferencePolicy at(int round, Set<Hash> lostModels) {
        if (round >= NONE_FROM_ROUND) {
            return new NoInference();
        }
        return round >= SUSPECTS_FROM_ROUND && !lostModels.isEmpty() ? new Except(lostModels) : new All();
    }
}
