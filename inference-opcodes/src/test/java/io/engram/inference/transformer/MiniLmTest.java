package io.engram.inference.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.vector.VectorBackend;
import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sentence transformer all-MiniLM-L6-v2 against ONNX Runtime, on the same file and on its {@link FloatTwin}. */
class MiniLmTest {

    private static final String ONNX = "/all-minilm-l6-v2-q.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";
    private static final List<String> INPUTS = List.of("input_ids", "attention_mask", "token_type_ids");
    private static final int SEQUENCE = 32;

    @Test
    @Tag("long")
    void embeddingsOfTwoHundredSentencesAreThoseOfTheFloatNetwork() throws Exception {
        byte[] onnx = resource(ONNX);
        WordPiece tokenizer = new WordPiece(resource(TOKENIZER));
        List<int[]> tokens = sentences().stream()
                .map(text -> tokenizer.encode(text, SEQUENCE))
                .toList();
        List<double[]> quantised = expected(onnx, tokens);
        List<double[]> real = expected(FloatTwin.of(OnnxDecoder.decode(onnx)), tokens);
        for (Precision precision : Precision.values()) {
            SequenceImporter.Imported imported = SequenceImporter.importOnnx(
                    onnx, samples(tokens.subList(0, 32)), TestGraphs.AUTHOR, options(precision), text -> {});
            InferenceEngine engine = new InferenceEngine(new VectorBackend(), 0);
            List<double[]> actual = new ArrayList<>();
            for (int[] row : tokens) {
                actual.add(doubles(
                        engine.run(imported.model(), callData(row)).getFirst().output()));
            }
            report(precision + " against the float network", actual, real);
            report(precision + " against the file itself", actual, quantised);
            assertThat(meanCosine(actual, real)).isGreaterThanOrEqualTo(precision == Precision.INT16 ? 0.999 : 0.995);
            assertThat(meanCosine(actual, quantised)).isGreaterThanOrEqualTo(0.99);
            if (precision == Precision.INT16) {
                assertThat(sameNeighbours(actual, real)).isGreaterThanOrEqualTo(tokens.size() * 95 / 100);
            }
        }
        report("the file itself against the float network", quantised, real);
    }

    /** The figures of docs/benchmarks.md. */
    private static void report(String what, List<double[]> a, List<double[]> b) {
        System.out.printf(
                java.util.Locale.ROOT,
                "%s: mean cosine %.5f, same neighbour %d of %d%n",
                what,
                meanCosine(a, b),
                sameNeighbours(a, b),
                a.size());
    }

    private static double meanCosine(List<double[]> a, List<double[]> b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) {
            sum += cosine(a.get(i), b.get(i));
        }
        return sum / a.size();
    }

    private static int sameNeighbours(List<double[]> a, List<double[]> b) {
        int same = 0;
        for (int i = 0; i < a.size(); i++) {
            same += nearest(a, i) == nearest(b, i) ? 1 : 0;
        }
        return same;
    }

    private static SequenceOptions options(Precision precision) {
        return new SequenceOptions(
                SEQUENCE, Pooling.MEAN, precision, TensorType.INT8, 2, 0, InferenceConfig.Limits.DEFAULT);
    }

    private static byte[] callData(int[] tokens) {
        ByteBuffer data = ByteBuffer.allocate(4 * SEQUENCE);
        for (int i = 0; i < SEQUENCE; i++) {
            data.putShort((short) (i < tokens.length ? tokens[i] : 0));
        }
        for (int i = 0; i < SEQUENCE; i++) {
            data.put((byte) (i < tokens.length ? 1 : 0));
        }
        return data.array();
    }

    private static TokenSamples samples(List<int[]> tokens) {
        Map<String, List<int[]>> rows = new LinkedHashMap<>();
        rows.put(INPUTS.get(0), tokens);
        rows.put(INPUTS.get(1), tokens.stream().map(MiniLmTest::ones).toList());
        rows.put(INPUTS.get(2), tokens.stream().map(row -> new int[row.length]).toList());
        return new TokenSamples(rows);
    }

    private static int[] ones(int[] row) {
        int[] ones = new int[row.length];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double[] doubles(byte[] output) {
        double[] values = new double[output.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = output[i];
        }
        return values;
    }

    /** Mean of the rows that ONNX Runtime gives for the tokens, unpadded. */
    private static List<double[]> expected(byte[] onnx, List<int[]> tokens) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        List<double[]> embeddings = new ArrayList<>();
        try (OrtSession session = environment.createSession(onnx)) {
            for (int[] row : tokens) {
                Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
                long[] ids = Arrays.stream(row).asLongStream().toArray();
                long[] ones = new long[row.length];
                Arrays.fill(ones, 1);
                inputs.put(INPUTS.get(0), OnnxTensor.createTensor(environment, new long[][] {ids}));
                inputs.put(INPUTS.get(1), OnnxTensor.createTensor(environment, new long[][] {ones}));
                inputs.put(INPUTS.get(2), OnnxTensor.createTensor(environment, new long[][] {new long[row.length]}));
                try (OrtSession.Result result = session.run(inputs)) {
                    float[][] hidden = ((float[][][]) result.get(0).getValue())[0];
                    double[] mean = new double[hidden[0].length];
                    for (float[] token : hidden) {
                        for (int i = 0; i < mean.length; i++) {
                            mean[i] += token[i] / hidden.length;
                        }
                    }
                    embeddings.add(mean);
                }
                inputs.values().forEach(OnnxTensor::close);
            }
        }
        return embeddings;
    }

    private static int nearest(List<double[]> embeddings, int own) {
        int best = own == 0 ? 1 : 0;
        for (int i = 0; i < embeddings.size(); i++) {
            if (i != own
                    && cosine(embeddings.get(own), embeddings.get(i))
                            > cosine(embeddings.get(own), embeddings.get(best))) {
                best = i;
            }
        }
        return best;
    }

    private static double cosine(double[] a, double[] b) {
        double product = 0;
        double left = 0;
        double right = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            left += a[i] * a[i];
            right += b[i] * b[i];
        }
        return product / Math.sqrt(left * right);
    }

    private static List<String> sentences() throws IOException {
        return new String(resource("/io/engram/inference/transformer/sentences.txt"), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = MiniLmTest.class.getResourceAsStream(name)) {
            assumeTrue(in != null, name + " is missing");
            return in.readAllBytes();
        }
    }
}
