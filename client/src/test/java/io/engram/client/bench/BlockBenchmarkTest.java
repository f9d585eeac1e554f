package io.engram.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Address;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelPrice;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.Lookup;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BlockBenchmarkTest {

    private static final int MODELS = 3;

    private static Model small(int author) {
        GasModelSketch model = new GasModelSketch(
                Address.ofWord(0, 0, author + 1L),
                new GraphInput(TensorType.INT8, Shape.of(1, 4), -128, 127, Scale.ONE, 0));
        return model.then(new Lookup(), model.constant(TensorType.INT8, Shape.of(256), -128, 128))
                .model();
    }

    @Test
    void aBlockIsFilledWithColdModelsAndVerified() throws IOException {
        InferenceConfig.Gas prices = InferenceConfig.Gas.DEFAULT;
        long call = ModelPrice.gas(small(0).facts(), prices) + ModelPrice.coldGas(small(0).facts(), prices);
        BlockBenchmark benchmark = new BlockBenchmark(new ReferenceBackend(), 5 * call + 1);

        BlockBenchmark.Figure figure =
                benchmark.measure(new BlockBenchmark.Recipe("small", BlockBenchmarkTest::small, MODELS), 1);

        assertThat(figure.inferences()).isEqualTo(5);
        assertThat(figure.inferenceGas()).isEqualTo(5 * call);
        assertThat(figure.millis()).isPositive();
    }
}
