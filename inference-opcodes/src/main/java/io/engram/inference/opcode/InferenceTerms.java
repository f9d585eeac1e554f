package io.engram.inference.opcode;

import io.engram.inference.engine.Demand;

/**
 * How the inferences of a block, or of calls as if in one, are run.
 *
 * @param demand on whose behalf
 * @param gasLimit bounds inference gas together with the block's own limit
 * @param observer told of each call that was computed
 */
public record InferenceTerms(Demand demand, long gasLimit, InferenceObserver observer) {

    /** Those of a block's execution. */
    public static final InferenceTerms CONSENSUS = of(Demand.CONSENSUS);

    /** Bounded by the block alone and not observed. */
    public static InferenceTerms of(Demand demand) {
        return new InferenceTerms(demand, Long.MAX_VALUE, (model, samples) -> {});
    }

    public InferenceTerms withGasLimit(long limit) {
        return new InferenceTerms(demand, limit, observer);
    }

    public InferenceTerms observedBy(InferenceObserver watching) {
        return new InferenceTerms(demand, gasLimit, watching);
    }
}
