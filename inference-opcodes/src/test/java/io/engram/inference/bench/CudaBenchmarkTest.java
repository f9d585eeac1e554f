package io.engram.inference.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.inference.engine.cuda.TestDevice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The measurement of GPUs runs to its end; its figures mean something on a card only. */
class CudaBenchmarkTest {

    @BeforeEach
    void requireCuda() {
        TestDevice.requireCuda();
    }

    @Test
    void aNetworkIsMeasuredWithAndWithoutCommitments() {
        List<InferenceBenchmark.Figure> figures = new ArrayList<>();
        new InferenceBenchmark(2, 1)
                .measure(
                        network -> network == Networks.FASHION,
                        way -> way.backend().equals("cuda"),
                        figures::add);
        assertThat(figures)
                .allMatch(figure -> figure.nanos() > 0)
                .extracting(figure -> figure.way().commitments())
                .containsExactly(
                        InferenceBenchmark.Commitments.OFF,
                        InferenceBenchmark.Commitments.ON,
                        InferenceBenchmark.Commitments.ON);
        assertThat(InferenceBenchmark.gpu().orElseThrow()).contains("compute capability", "driver for CUDA", "kernels");
    }
}
