package io.engram.client.consensus.qbft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Validators under faults, many seeds. A failure prints its seed; {@code -Dengram.simulation.seed=SEED} runs that one
 * alone.
 */
class SimulationTest {

    private static final int SEEDS = 500;
    private static final int MANY_SEEDS = 10_000;

    @Test
    void promisesHoldUnderFaults() {
        Long single = Long.getLong("engram.simulation.seed");
        if (single != null) {
            World.run(single, Mutation.NONE);
        } else {
            runAll(0, SEEDS);
        }
    }

    @Test
    @Tag("long")
    void promisesHoldUnderFaultsOnManySeeds() {
        runAll(SEEDS, MANY_SEEDS);
    }

    private static void runAll(long first, long end) {
        Optional<String> failure = LongStream.range(first, end)
                .parallel()
                .mapToObj(seed -> failure(seed, Mutation.NONE))
                .flatMap(Optional::stream)
                .findFirst();
        assertThat(failure).isEmpty();
    }

    private static Optional<String> failure(long seed, Mutation mutation) {
        try {
            World.run(seed, mutation);
            return Optional.empty();
        } catch (Violation e) {
            return Optional.of("seed " + seed + ": " + e.getMessage());
        }
    }

    /** The simulation finds each of these bugs. */
    @ParameterizedTest
    @EnumSource(value = Mutation.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void bugsAreFound(Mutation mutation) {
        OptionalLong found = LongStream.range(0, SEEDS)
                .filter(seed -> failure(seed, mutation).isPresent())
                .findFirst();
        assertThat(found).as("a seed that finds %s", mutation).isPresent();
    }
}
