package io.engram.inference.engine;

import java.util.EnumMap;
import java.util.Map;

/**
 * What an engine holds and has done since it was made.
 *
 * @param models that are loaded and prepared
 * @param modelBytes that they take
 * @param results that are remembered
 * @param resultBytes that they take
 * @param runningBytes peak memory of the inferences that run now
 * @param counts by priority
 */
public record EngineStatus(
        int models,
        long modelBytes,
        int results,
        long resultBytes,
        long runningBytes,
        Map<Demand.Priority, Counts> counts) {

    public EngineStatus {
        counts = Map.copyOf(new EnumMap<>(counts));
    }

    /**
     * Samples that were asked for.
     *
     * @param hits whose result was remembered
     * @param shared that waited for one that was being computed already
     * @param computed anew
     * @param cancelled given up
     * @param faults that ended without a result because this node could not tell
     */
    public record Counts(long hits, long shared, long computed, long cancelled, long faults) {}
}
