package io.engram.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GraphSimplifierTest {

    private static java.util.Set<String> names() {
        return SketchedNetworks.all().keySet();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aSimplifiedGraphComputesTheSame(String name) throws Exception {
        OnnxModel model = OnnxDecoder.decode(SketchedNetworks.all().getOrDefault(name, new byte[0]));
        FloatGraph translated = OnnxImporter.translate(model);
        FloatGraph simplified = GraphSimplifier.simplify(translated);
        assertThat(simplified.nodes().size())
                .isLessThanOrEqualTo(translated.nodes().size());
        FloatInterpreter before = new FloatInterpreter(translated);
        FloatInterpreter after = new FloatInterpreter(simplified);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 20; i++) {
            float[] input = new float
                    [Shapes.size(translated
                            .nodes()
                            .get(translated.inputs().getFirst())
                            .shape())];
            for (int j = 0; j < input.length; j++) {
                input[j] = (float) random.nextGaussian();
            }
            before.run(List.of(input));
            after.run(List.of(input));
            assertThat(after.output()).containsExactly(before.output(), Offset.offset(1e-4f));
        }
    }

    @Test
    void aConvolutionalNetworkBecomesItsLayersAndNothingElse() throws Exception {
        FloatGraph graph = OnnxImporter.importGraph(
                OnnxDecoder.decode(SketchedNetworks.all().values().iterator().next()));
        assertThat(graph.nodes().stream()
                        .map(node -> node.operation().getClass().getSimpleName())
                        .toList())
                .containsExactly("Input", "Convolution", "MaxPool", "Pad", "AveragePool", "Reshape", "Dense");
    }

    @Test
    void multiplyAccumulatesAreCounted() throws Exception {
        FloatGraph graph = OnnxImporter.importGraph(
                OnnxDecoder.decode(SketchedNetworks.all().values().iterator().next()));
        assertThat(graph.multiplyAccumulates()).isEqualTo(12 * 10 * 8 * 27 + 240 * 5);
    }
}
