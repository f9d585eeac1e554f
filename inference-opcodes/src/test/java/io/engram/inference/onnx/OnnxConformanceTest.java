package io.engram.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ONNX project's own test data, which Debian packages as libonnx-testdata. */
class OnnxConformanceTest {

    private static final Path DATA = Path.of("/usr/share/libonnx-testdata/data");
    private static final double TOLERANCE = 1e-3;
    /** Operators of which at least one case must pass. */
    private static final Set<String> COVERED = Set.of(
            "Conv",
            "BatchNormalization",
            "MaxPool",
            "AveragePool",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "Relu",
            "Clip",
            "LeakyRelu",
            "Elu",
            "Sigmoid",
            "Tanh",
            "HardSigmoid",
            "HardSwish",
            "Gemm",
            "Add",
            "Mul",
            "Sub",
            "Div",
            "Softmax",
            "ArgMax",
            "Flatten",
            "Reshape",
            "Transpose",
            "Concat",
            "Pad",
            "Squeeze",
            "Unsqueeze",
            "Identity",
            "QuantizeLinear",
            "DequantizeLinear",
            "QLinearConv",
            "QLinearMatMul",
            "ConvInteger",
            "MatMulInteger");

    @BeforeEach
    void dataAreInstalled() {
        assumeTrue(Files.isDirectory(DATA), "libonnx-testdata is not installed");
    }

    @Test
    void everyModelFileOfTheTestDataParses() throws Exception {
        int parsed = 0;
        for (Path file : files("model.onnx")) {
            assertThat(OnnxDecoder.decode(Files.readAllBytes(file)).graph().nodes())
                    .as(file.toString())
                    .isNotNull();
            parsed++;
        }
        assertThat(parsed).isGreaterThan(900);
    }

    @Test
    void supportedOperatorsGiveTheReferenceValues() throws Exception {
        Map<String, Integer> passed = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (Path file : files("model.onnx")) {
            Path set = file.resolveSibling("test_data_set_0");
            if (!file.toString().contains("/node/") || !Files.exists(set.resolve("output_0.pb"))) {
                continue;
            }
            String name = file.toString();
            try {
                OnnxModel model = OnnxDecoder.decode(Files.readAllBytes(file));
                if (model.graph().nodes().size() > 2
                        || model.graph().inputs().isEmpty()
                        || Files.exists(set.resolve("output_1.pb"))) {
                    continue;
                }
                if (matches(model, set)) {
                    passed.merge(model.graph().nodes().getLast().operator(), 1, Integer::sum);
                } else {
                    wrong.add(name);
                }
            } catch (OnnxException e) {
                // An operator, a type or a form that the importer says it does not know.
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(passed.keySet()).containsAll(COVERED);
    }

    private static boolean matches(OnnxModel model, Path set) throws Exception {
        OnnxTensor expected = OnnxDecoder.decodeTensor(Files.readAllBytes(set.resolve("output_0.pb")));
        Map<String, OnnxTensor> constants = new LinkedHashMap<>(model.graph().initializers());
        List<OnnxValue> inputs = model.graph().inputs();
        for (int i = 1; i < inputs.size(); i++) {
            constants.put(
                    inputs.get(i).name(),
                    OnnxDecoder.decodeTensor(Files.readAllBytes(set.resolve("input_" + i + ".pb"))));
        }
        List<OnnxNode> nodes = new ArrayList<>(model.graph().nodes());
        String output = model.graph().outputs().getFirst().name();
        // Flattened, the result is in ONNX's own order whatever the layout inside.
        constants.put("all", OnnxTensor.ofLongs("all", new int[] {1}, -1));
        nodes.add(new OnnxNode("", "Reshape", "", List.of(output, "all"), List.of("flattened"), Map.of()));
        OnnxGraph graph = new OnnxGraph(
                "test", nodes, constants, inputs.subList(0, 1), List.of(new OnnxValue("flattened", 1, List.of())));
        // Cases from before the oldest operator set known are of operators that did not change.
        long opset = Math.max(model.opset(), OnnxImporter.MIN_OPSET);
        OnnxModel bound = new OnnxModel(model.irVersion(), opset, "", graph);
        FloatGraph translated = OnnxImporter.translate(bound);
        FloatGraph simplified = OnnxImporter.importGraph(bound);
        float[] input = OnnxDecoder.decodeTensor(Files.readAllBytes(set.resolve("input_0.pb")))
                .floats();
        float[] real = real(translated, expected);
        return close(run(translated, input), real) && close(run(simplified, input), real);
    }

    /** What the expected elements mean, if they are integers of a quantised value. */
    private static float[] real(FloatGraph graph, OnnxTensor expected) {
        float[] values = expected.floats();
        for (FloatNode node : graph.nodes().reversed()) {
            if (node.operation() instanceof FloatOperation.Round(Grid grid) && expected.type() == grid.type()) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (values[i] - grid.zeroPoint()) * grid.scale();
                }
                return values;
            }
        }
        return values;
    }

    private static float[] run(FloatGraph graph, float[] input) {
        FloatInterpreter interpreter = new FloatInterpreter(graph);
        FloatNode node = graph.nodes().get(graph.inputs().getFirst());
        float[] own = input;
        if (node.operation() instanceof FloatOperation.Input(boolean moved) && moved) {
            own = new float[input.length];
            int[] declared = Layouts.permute(node.shape(), Layouts.TO_CHANNELS_FIRST);
            Layouts.transpose(input, declared, Layouts.TO_CHANNELS_LAST, own);
        }
        interpreter.run(List.of(own));
        return interpreter.output();
    }

    private static boolean close(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            return false;
        }
        for (int i = 0; i < actual.length; i++) {
            double room = TOLERANCE * Math.max(1, Math.abs(expected[i]));
            if (!(Math.abs(actual[i] - expected[i]) <= room)) {
                return false;
            }
        }
        return true;
    }

    private static List<Path> files(String name) throws IOException {
        try (Stream<Path> tree = Files.walk(DATA)) {
            return tree.filter(file -> file.endsWith(name)).sorted().toList();
        }
    }
}
