package io.engram.inference.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.Seeds;
import io.engram.inference.TestGraphs;
import io.engram.inference.onnx.OnnxAttribute;
import io.engram.inference.onnx.OnnxEncoder;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxGraph;
import io.engram.inference.onnx.OnnxModel;
import io.engram.inference.onnx.OnnxNode;
import io.engram.inference.onnx.OnnxSketch;
import io.engram.inference.onnx.OnnxTensor;
import io.engram.inference.onnx.OnnxType;
import io.engram.inference.onnx.OnnxValue;
import io.engram.inference.quantize.ImportProgress;
import io.engram.inference.tensor.TensorType;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damaged files of a network on tokens end in a model or in one checked error. */
class HostileSequenceTest {

    private static final int WIDTH = 8;
    private static final int WORDS = 16;
    private static final int SEQUENCE = 4;
    private static final SequenceOptions OPTIONS = new SequenceOptions(
            SEQUENCE, Pooling.NONE, Precision.INT16, TensorType.INT8, 1, 0, InferenceConfig.Limits.DEFAULT);

    private final Map<String, OnnxTensor> constants = new LinkedHashMap<>();
    private final SplittableRandom random = new SplittableRandom(3);

    private void weights(String name, int... shape) {
        float[] values = new float[java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat(-0.5f, 0.5f);
        }
        constants.put(name, OnnxTensor.ofFloats(name, shape, values));
    }

    private static OnnxNode node(String operator, String inputs, String output) {
        Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
        if (operator.equals("LayerNormalization") || operator.equals("Softmax")) {
            attributes.put("axis", new OnnxAttribute.OfInt(-1));
        }
        return new OnnxNode("", operator, "", List.of(inputs.split(" ")), List.of(output), attributes);
    }

    /** An embedding, attention of one head without a mask, and a layer with GELU. */
    private byte[] network() {
        weights("words", WORDS, WIDTH);
        weights("gain", WIDTH);
        weights("shift", WIDTH);
        weights("wq", WIDTH, WIDTH);
        weights("wk", WIDTH, SEQUENCE);
        weights("up", WIDTH, 2 * WIDTH);
        weights("bias", 2 * WIDTH);
        weights("down", 2 * WIDTH, WIDTH);
        List<OnnxNode> nodes = List.of(
                node("Gather", "words input_ids", "embedded"),
                node("LayerNormalization", "embedded gain shift", "normed"),
                node("MatMul", "normed wk", "scores"),
                node("Softmax", "scores", "weights"),
                node("MatMul", "weights normed", "mixed"),
                node("MatMul", "mixed wq", "turned"),
                node("Add", "turned embedded", "sum"),
                node("MatMul", "sum up", "wide"),
                node("Add", "wide bias", "biased"),
                node("Gelu", "biased", "active"),
                node("MatMul", "active down", "narrow"),
                node("Add", "narrow sum", "last_hidden_state"));
        OnnxGraph graph = new OnnxGraph(
                "tokens",
                nodes,
                constants,
                List.of(new OnnxValue("input_ids", OnnxType.INT64.code(), List.of(1L, (long) SEQUENCE))),
                List.of(new OnnxValue("last_hidden_state", OnnxType.FLOAT.code(), List.of())));
        return OnnxEncoder.encode(new OnnxModel(8, 20, "test", graph));
    }

    private static boolean imports(byte[] file) {
        try {
            Map<String, List<int[]>> rows = new HashMap<>();
            rows.put("input_ids", List.of(new int[] {1, 5, 3, 0}, new int[] {7, 7, 7, 7}));
            return !SequenceImporter.importOnnx(
                            file, new TokenSamples(rows), TestGraphs.AUTHOR, OPTIONS, ImportProgress.SILENT)
                    .model()
                    .graph()
                    .nodes()
                    .isEmpty();
        } catch (OnnxException | MalformedModelException | IOException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return false;
        }
    }

    private static void mutations(byte[] file, RandomGenerator random, int count) {
        for (int i = 0; i < count; i++) {
            boolean _ = imports(OnnxSketch.mutate(file, random));
        }
    }

    @Test
    void theFileItselfIsImported() throws Exception {
        Map<String, List<int[]>> rows = Map.of("input_ids", List.of(new int[] {1, 5, 3, 0}));
        assertThat(SequenceImporter.importOnnx(
                                network(), new TokenSamples(rows), TestGraphs.AUTHOR, OPTIONS, ImportProgress.SILENT)
                        .file())
                .isNotEmpty();
    }

    @Test
    void mutatedFilesEndInOneError() {
        byte[] file = network();
        Seeds.each(20, seeded -> mutations(file, seeded, 20));
    }

    @Test
    void truncatedFilesEndInOneError() {
        byte[] file = network();
        for (int length = 0; length < file.length; length += 7) {
            boolean _ = imports(java.util.Arrays.copyOf(file, length));
        }
    }

    @Test
    @Tag("long")
    void manyMutatedFilesEndInOneError() {
        byte[] file = network();
        Seeds.each(200, seeded -> mutations(file, seeded, 500));
    }
}
