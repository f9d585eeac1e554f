package io.engram.inference.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.Backends;
import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.quantize.ImportProgress;
import io.engram.inference.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sentence transformer all-MiniLM-L6-v2 against ONNX Runtime, on the same file and on its {@link FloatTwin}. */
class MiniLmTest {

    private static final String ONNX = "/all-minilm-l6-v2-q.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";
    private static final List<String> INPUTS = List.of("input_ids", "attention_mask", "token_type_ids");

    @Test
    void embeddingsOfSomeSentencesAreThoseOfTheFloatNetwork() throws Exception {
        compare(Precision.INT16, 16, 2, 12, 0.99, 0.9);
    }

    @Test
    @Tag("long")
    void embeddingsOfTwoHundredSentencesAreThoseOfTheFloatNetwork() throws Exception {
        compare(Precision.INT16, 32, 32, 200, 0.999, 0.95);
    }

    @Test
    @Tag("long")
    void halfTheWorkCostsLittle() throws Exception {
        compare(Precision.INT8, 32, 32, 200, 0.995, 0.9);
    }

    /**
     * Imports with the first {@code seen} sentences as calibration data and holds the outputs for {@code count} of them
     * against the float network as ONNX Runtime runs it.
     *
     * @param least mean cosine
     * @param sameNeighbours share of sentences that must keep their nearest other one
     */
    private static void compare(
            Precision precision, int sequence, int seen, int count, double least, double sameNeighbours)
            throws Exception {
        byte[] onnx = resource(ONNX);
        WordPiece tokenizer = new WordPiece(resource(TOKENIZER));
        List<int[]> tokens = sentences().stream()
                .limit(count)
                .map(text -> tokenizer.encode(text, sequence))
                .toList();
        List<float[]> real;
        List<float[]> file;
        try (TokenOracle twin = new TokenOracle(FloatTwin.of(OnnxDecoder.decode(onnx)));
                TokenOracle own = new TokenOracle(onnx)) {
            real = twin.means(INPUTS, tokens);
            file = own.means(INPUTS, tokens);
        }
        SequenceImporter.Imported imported = SequenceImporter.importOnnx(
                onnx,
                samples(tokens.subList(0, seen)),
                TestGraphs.AUTHOR,
                new SequenceOptions(
                        sequence, Pooling.MEAN, precision, TensorType.INT8, 2, 0, InferenceConfig.Limits.DEFAULT),
                ImportProgress.SILENT);
        SequenceComparison comparison = SequenceComparison.of(onnx, imported.model(), samples(tokens), backend());
        report(precision + " and the float network by ONNX Runtime", comparison.integer(), real);
        report(precision + " and the float network by the importer", comparison.integer(), comparison.real());
        report(precision + " and the file by ONNX Runtime", comparison.integer(), file);
        report("the file and the float network by ONNX Runtime", file, real);
        assertThat(mean(comparison.real(), real)).isGreaterThan(0.99999);
        assertThat(mean(comparison.integer(), real)).isGreaterThanOrEqualTo(least);
        assertThat(Embeddings.sameNeighbours(comparison.integer(), real) / (double) count)
                .isGreaterThanOrEqualTo(sameNeighbours);
    }

    /** The figures of docs/benchmarks.md. */
    private static void report(String what, List<float[]> a, List<float[]> b) {
        System.out.printf(
                Locale.ROOT,
                "%s: cosine mean %.5f, least %.5f, same neighbour %d of %d%n",
                what,
                mean(a, b),
                Arrays.stream(Embeddings.cosines(a, b)).min().orElseThrow(),
                Embeddings.sameNeighbours(a, b),
                a.size());
    }

    private static double mean(List<float[]> a, List<float[]> b) {
        return Arrays.stream(Embeddings.cosines(a, b)).average().orElseThrow();
    }

    private static Backend backend() {
        return Backends.ofKey(Backends.available().getLast()).open(1);
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
