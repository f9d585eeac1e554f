package io.engram.inference.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.onnx.OnnxEncoder;
import io.engram.inference.onnx.OnnxGraph;
import io.engram.inference.onnx.OnnxModel;
import io.engram.inference.onnx.OnnxSketch;
import io.engram.inference.onnx.OnnxType;
import io.engram.inference.onnx.OnnxValue;
import io.engram.inference.quantize.ImportProgress;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A random encoder of two layers, written as exporters write it, through the whole importer and against ONNX Runtime. */
class SmallTransformerTest {

    private static final int TOKENS = 8;
    private static final int WIDTH = 32;
    private static final int HEADS = 2;
    private static final int HEAD = WIDTH / HEADS;
    private static final int ROWS = 50;
    private static final int LAYERS = 2;
    private static final int SAMPLES = 24;

    private final RandomGenerator random = new SplittableRandom(11);
    private final OnnxSketch sketch = new OnnxSketch(random);

    private record Sample(int[] ids, int[] mask) {}

    @Test
    void embeddingsAreThoseOfTheFloatNetwork() throws Exception {
        byte[] onnx = encoder();
        List<Sample> samples = samples();
        List<float[]> real = new ArrayList<>();
        try (TokenOracle oracle = new TokenOracle(onnx)) {
            for (Sample sample : samples) {
                real.add(mean(oracle.rows(Map.of("ids", sample.ids(), "mask", sample.mask())), sample.mask()));
            }
        }
        for (Precision precision : Precision.values()) {
            Model model = imported(onnx, precision, Pooling.MEAN, samples).model();
            SequenceComparison comparison = SequenceComparison.of(onnx, model, tokens(samples), new ReferenceBackend());
            // The importer rounds the table to int8 before anything else.
            assertThat(least(comparison.real(), real)).isGreaterThan(0.9998);
            assertThat(least(comparison.integer(), real)).isGreaterThan(precision == Precision.INT16 ? 0.999 : 0.995);
        }
    }

    @Test
    void theSameSourcesGiveTheSameModelAndTheModelTellsItsOptions() throws Exception {
        byte[] onnx = encoder();
        List<Sample> samples = samples();
        for (Precision precision : Precision.values()) {
            for (Pooling pooling : Pooling.values()) {
                Model model = imported(onnx, precision, pooling, samples).model();
                SequenceOptions read = SequenceOptions.of(OnnxDecoder.decode(onnx), model);
                assertThat(read).isEqualTo(options(precision, pooling));
                Model again = SequenceImporter.importOnnx(
                                onnx, tokens(samples), TestGraphs.AUTHOR, read, ImportProgress.SILENT)
                        .model();
                assertThat(again.id()).isEqualTo(model.id());
            }
        }
    }

    private static double least(List<float[]> a, List<float[]> b) {
        return Arrays.stream(Embeddings.cosines(a, b)).min().orElseThrow();
    }

    private static SequenceImporter.Imported imported(
            byte[] onnx, Precision precision, Pooling pooling, List<Sample> samples) throws Exception {
        return SequenceImporter.importOnnx(
                onnx, tokens(samples), TestGraphs.AUTHOR, options(precision, pooling), ImportProgress.SILENT);
    }

    private static SequenceOptions options(Precision precision, Pooling pooling) {
        return new SequenceOptions(TOKENS, pooling, precision, TensorType.INT8, 2, 7, InferenceConfig.Limits.DEFAULT);
    }

    private static TokenSamples tokens(List<Sample> samples) {
        return new TokenSamples(Map.of(
                "ids", samples.stream().map(Sample::ids).toList(),
                "mask", samples.stream().map(Sample::mask).toList()));
    }

    private List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            int length = 1 + i % TOKENS;
            int[] ids = new int[TOKENS];
            int[] mask = new int[TOKENS];
            for (int at = 0; at < length; at++) {
                ids[at] = random.nextInt(ROWS);
                mask[at] = 1;
            }
            samples.add(new Sample(ids, mask));
        }
        return samples;
    }

    private static float[] mean(float[][] rows, int[] mask) {
        float[] mean = new float[WIDTH];
        int kept = Arrays.stream(mask).sum();
        for (int row = 0; row < kept; row++) {
            for (int i = 0; i < WIDTH; i++) {
                mean[i] += rows[row][i] / kept;
            }
        }
        return mean;
    }

    private byte[] encoder() {
        sketch.weights("table", 1, ROWS, WIDTH).node("Gather", "table ids", "embedded");
        sketch.weights("positions", 0.5, 1, TOKENS, WIDTH).node("Add", "embedded positions", "sum");
        sketch.floats("half", 0.5f)
                .floats("one", 1)
                .floats("two", 2)
                .floats("epsilon", 1e-6f)
                .floats("root2", (float) Math.sqrt(2))
                .floats("lowest", -10_000)
                .floats("scale", (float) Math.sqrt(HEAD))
                .longs("axes", 1, 2)
                .longs("split", 1, TOKENS, HEADS, HEAD)
                .longs("joined", 1, TOKENS, WIDTH);
        sketch.node("Unsqueeze", "mask axes", "mask4")
                .node("Cast", "mask4", "real", "to", 1)
                .node("Sub", "one real", "out")
                .node("Mul", "out lowest", "addend");
        norm("sum", "x0");
        for (int layer = 0; layer < LAYERS; layer++) {
            layer("x" + layer, "x" + (layer + 1), "l" + layer + ".");
        }
        OnnxModel model = sketch.model();
        OnnxGraph graph = model.graph();
        List<OnnxValue> inputs = List.of(
                new OnnxValue("ids", OnnxType.INT64.code(), List.of(1L, -1L)),
                new OnnxValue("mask", OnnxType.INT64.code(), List.of(1L, -1L)));
        List<OnnxValue> outputs =
                List.of(new OnnxValue("x" + LAYERS, OnnxType.FLOAT.code(), List.of(1L, -1L, (long) WIDTH)));
        return OnnxEncoder.encode(new OnnxModel(
                model.irVersion(),
                model.opset(),
                model.producer(),
                new OnnxGraph(graph.name(), graph.nodes(), graph.initializers(), inputs, outputs)));
    }

    private void layer(String from, String to, String name) {
        for (String part : List.of("q", "k", "v")) {
            dense(from, name + part, WIDTH, WIDTH);
            sketch.node("Reshape", name + part + " split", name + part + "4");
        }
        sketch.node("Transpose", name + "q4", name + "qt", "perm", new long[] {0, 2, 1, 3})
                .node("Transpose", name + "k4", name + "kt", "perm", new long[] {0, 2, 3, 1})
                .node("Transpose", name + "v4", name + "vt", "perm", new long[] {0, 2, 1, 3})
                .node("MatMul", name + "qt " + name + "kt", name + "products")
                .node("Div", name + "products scale", name + "scores")
                .node("Add", name + "scores addend", name + "masked")
                .node("Softmax", name + "masked", name + "shares", "axis", -1)
                .node("MatMul", name + "shares " + name + "vt", name + "context4")
                .node("Transpose", name + "context4", name + "context3", "perm", new long[] {0, 2, 1, 3})
                .node("Reshape", name + "context3 joined", name + "context");
        dense(name + "context", name + "attended", WIDTH, WIDTH);
        sketch.node("Add", name + "attended " + from, name + "first");
        norm(name + "first", name + "middle");
        dense(name + "middle", name + "wide", WIDTH, 4 * WIDTH);
        sketch.node("Div", name + "wide root2", name + "argument")
                .node("Erf", name + "argument", name + "erf")
                .node("Add", name + "erf one", name + "plus")
                .node("Mul", name + "wide " + name + "plus", name + "twice")
                .node("Mul", name + "twice half", name + "gelu");
        dense(name + "gelu", name + "narrow", 4 * WIDTH, WIDTH);
        sketch.node("Add", name + "narrow " + name + "middle", name + "second");
        norm(name + "second", to);
    }

    private void dense(String from, String to, int inputs, int outputs) {
        sketch.weights(to + ".w", 1 / Math.sqrt(inputs), inputs, outputs)
                .weights(to + ".b", 0.1, outputs)
                .node("MatMul", from + " " + to + ".w", to + ".p")
                .node("Add", to + ".p " + to + ".b", to);
    }

    private void norm(String from, String to) {
        sketch.uniform(to + ".gain", 0.5f, 1.5f, WIDTH)
                .weights(to + ".bias", 0.1, WIDTH)
                .node("ReduceMean", from, to + ".mean", "axes", new long[] {-1}, "keepdims", 1)
                .node("Sub", from + " " + to + ".mean", to + ".centred")
                .node("Pow", to + ".centred two", to + ".squares")
                .node("ReduceMean", to + ".squares", to + ".variance", "axes", new long[] {-1}, "keepdims", 1)
                .node("Add", to + ".variance epsilon", to + ".positive")
                .node("Sqrt", to + ".positive", to + ".root")
                .node("Div", to + ".centred " + to + ".root", to + ".ratio")
                .node("Mul", to + ".ratio " + to + ".gain", to + ".scaled")
                .node("Add", to + ".scaled " + to + ".bias", to);
    }
}
