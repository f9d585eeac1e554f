package io.engram.inference.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.Inference;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.cuda.CudaBackend;
import io.engram.inference.engine.cuda.CudaOptions;
import io.engram.inference.engine.cuda.TestDevice;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.quantize.ImportProgress;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A sentence transformer gives the reference's bits on every CUDA device, commitments included. */
class CudaMiniLmTest {

    private static final int[] SENTENCE = {101, 7592, 2088, 102};

    @BeforeEach
    void requireCuda() {
        TestDevice.requireCuda();
    }

    @Test
    void fourTokensInInt8GiveTheSameBits() throws Exception {
        assertSameBits(Precision.INT8, SENTENCE.length);
    }

    @Test
    @Tag("long")
    void fourTokensInInt16GiveTheSameBits() throws Exception {
        assertSameBits(Precision.INT16, SENTENCE.length);
    }

    @Test
    @Tag("long")
    void aPaddedSentenceGivesTheSameBits() throws Exception {
        assertSameBits(Precision.INT8, 32);
    }

    /** The sentence, and ones for each of its tokens in the other inputs. */
    private static byte[] input(Model model) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (GraphInput each : model.graph().inputs()) {
            int[] row = new int[each.shape().elements()];
            for (int i = 0; i < SENTENCE.length; i++) {
                row[i] = input.size() == 0 ? SENTENCE[i] : 1;
            }
            input.writeBytes(Tensor.of(each.type(), each.shape(), row).data());
        }
        return input.toByteArray();
    }

    private static void assertSameBits(Precision precision, int sequence) throws Exception {
        Map<String, List<int[]>> rows = new LinkedHashMap<>();
        rows.put("input_ids", List.of(SENTENCE));
        rows.put("attention_mask", List.of(new int[] {1, 1, 1, 1}));
        rows.put("token_type_ids", List.of(new int[SENTENCE.length]));
        TokenSamples samples = new TokenSamples(rows);
        Model model;
        try (InputStream in = CudaMiniLmTest.class.getResourceAsStream("/all-minilm-l6-v2-q.onnx")) {
            SequenceOptions options = new SequenceOptions(
                    sequence, Pooling.MEAN, precision, TensorType.INT8, 2, 0, InferenceConfig.Limits.DEFAULT);
            model = SequenceImporter.importOnnx(
                            Objects.requireNonNull(in).readAllBytes(),
                            samples,
                            TestGraphs.AUTHOR,
                            options,
                            ImportProgress.SILENT)
                    .model();
        }
        byte[] input = input(model);
        Inference expected =
                new InferenceEngine(new ReferenceBackend(), 0).run(model, input).getFirst();
        for (int device = 0; device < CudaBackend.devices(); device++) {
            CudaBackend backend = CudaBackend.open(CudaOptions.DEFAULT, device);
            assertThat(new InferenceEngine(backend, 0).run(model, input).getFirst())
                    .as("%s", backend)
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
        }
    }
}
