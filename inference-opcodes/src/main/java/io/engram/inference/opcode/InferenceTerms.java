package io.engram.inference.opcode;

import io.engram.genesis.Hash;
import io.engram.inference.engine.Demand;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How the inferences of a block, or of calls as if in one, are run.
 *
 * @param demand on whose behalf
 * @param gasLimit bounds inference gas together with the block's own limit
 * @param observer told of each call that is computed here
 * @param given what takes the place of computing
 * @param admitted models that may be run; a transaction that calls another cannot be in the block. For those who choose a
 *     block's transactions: what is in a block already may call every model
 */
public record InferenceTerms(
        Demand demand,
        long gasLimit,
        InferenceObserver observer,
        Optional<GivenInferences> given,
        Predicate<Hash> admitted) {

    /** Those of a block's execution. */
    public static final InferenceTerms CONSENSUS = of(Demand.CONSENSUS);

    /** Bounded by the block alone and not observed. */
    public static InferenceTerms of(Demand demand) {
        return new InferenceTerms(demand, Long.MAX_VALUE, (model, samples) -> {}, Optional.empty(), model -> true);
    }

    public InferenceTerms withGasLimit(long limit) {
        return new InferenceTerms(demand, limit, observer, given, admitted);
    }

    public InferenceTerms observedBy(InferenceObserver watching) {
        return new InferenceTerms(demand, gasLimit, watching, given, admitted);
    }

    /** Nothing is computed, and no model is needed. */
    public InferenceTerms given(GivenInferences results) {
        return new InferenceTerms(demand, gasLimit, observer, Optional.of(results), admitted);
    }

    public InferenceTerms admitting(Predicate<Hash> models) {
        return new InferenceTerms(demand, gasLimit, observer, given, models);
    }
}
