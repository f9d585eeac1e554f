package io.engram.inference.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GpuPowerTest {

    @Test
    void readingsAreAveragedAndWordsLeftOut() throws Exception {
        try (GpuPower power = GpuPower.start(List.of("sh", "-c", "echo 99.5; echo '[N/A]'; echo ' 100.5'; sleep 60"))) {
            long end = System.nanoTime() + 10_000_000_000L;
            while (power.watts().orElse(0) != 100 && System.nanoTime() < end) {
                Thread.sleep(10);
            }
            assertThat(power.watts()).hasValue(100);
        }
    }

    @Test
    void withoutTheProgramNothingIsKnown() {
        try (GpuPower power = GpuPower.start(List.of("no-such-program-of-nvidia"))) {
            assertThat(power.watts()).isEmpty();
        }
    }
}
