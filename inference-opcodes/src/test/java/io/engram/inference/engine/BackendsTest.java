package io.engram.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.engram.inference.engine.vector.VectorBackend;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.event.Level;
import org.slf4j.event.SubstituteLoggingEvent;
import org.slf4j.helpers.SubstituteLogger;

@Timeout(120)
class BackendsTest {

    @Test
    void withoutKernelsInCTheVectorUnitsAreUsedAndOneLineSaysWhy() throws InterruptedException {
        assumeThat(VectorBackend.isAvailable()).isTrue();
        Queue<SubstituteLoggingEvent> lines = new ArrayDeque<>();
        Backend backend =
                Backends.onProcessor(1, Optional.of("this build has none"), new SubstituteLogger("log", lines, false));
        while (backend.name().equals("reference")) {
            Thread.sleep(10);
        }
        assertThat(backend.name()).isEqualTo("vector");
        assertThat(lines).hasSize(1);
        assertThat(lines.element().getLevel()).isEqualTo(Level.INFO);
        assertThat(lines.element().getArgumentArray()).containsExactly("this build has none");
    }
}
