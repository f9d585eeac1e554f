package io.engram.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkFiguresTest {

    private static final long MILLI = 1_000_000;

    @Test
    void theFirstBlockOnlyBeginsTheTime() {
        List<BlockWatch.Arrival> arrivals = List.of(
                new BlockWatch.Arrival(7, 0, 1_000, 5, 3),
                new BlockWatch.Arrival(8, 1_000 * MILLI, 10, 2_000_000, 0),
                new BlockWatch.Arrival(9, 4_000 * MILLI, 10, 2_000_000, 1));
        NetworkFigures figures = NetworkFigures.of("load", arrivals, 20);
        assertThat(figures.perSecond()).isEqualTo(5);
        assertThat(figures.megagasPerSecond()).isEqualTo(1);
        assertThat(figures.blocks()).isEqualTo(2);
        assertThat(figures.laterRounds()).isEqualTo(1);
        assertThat(figures.blockMillis()).containsExactly(1_000L, 3_000L);
    }

    @Test
    void percentilesAreBlockTimesThatOccurred() {
        List<BlockWatch.Arrival> arrivals = new ArrayList<>();
        long nanos = 0;
        for (int i = 0; i <= 100; i++) {
            nanos += i * MILLI;
            arrivals.add(new BlockWatch.Arrival(i, nanos, 0, 0, 0));
        }
        NetworkFigures figures = NetworkFigures.of("load", arrivals, 0);
        assertThat(figures.percentile(50)).isEqualTo(50);
        assertThat(figures.percentile(95)).isEqualTo(95);
        assertThat(figures.percentile(99)).isEqualTo(99);
        assertThat(figures.percentile(100)).isEqualTo(100);
    }
}
