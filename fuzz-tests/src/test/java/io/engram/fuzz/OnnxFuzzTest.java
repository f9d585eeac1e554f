package io.engram.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.genesis.Address;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxImporter;
import io.engram.inference.onnx.OnnxModel;
import io.engram.inference.quantize.ImportProgress;
import io.engram.inference.tensor.TensorType;
import io.engram.inference.transformer.Pooling;
import io.engram.inference.transformer.Precision;
import io.engram.inference.transformer.SequenceImporter;
import io.engram.inference.transformer.SequenceOptions;
import io.engram.inference.transformer.TokenSamples;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Bytes from strangers as ONNX, read as a network on images and as one on tokens: both end, in a graph or an error. */
class OnnxFuzzTest {

    private static final Address AUTHOR = Address.fromHex("0x00000000000000000000000000000000000000a1");
    private static final SequenceOptions OPTIONS = new SequenceOptions(
            4, Pooling.NONE, Precision.INT16, TensorType.INT8, 1, 0, InferenceConfig.Limits.DEFAULT);

    @FuzzTest(maxDuration = "2m")
    void both_importers_end(byte[] input) {
        OnnxModel model;
        try {
            model = OnnxDecoder.decode(input);
        } catch (OnnxException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
            return;
        }
        try {
            assertThat(OnnxImporter.importGraph(model)).isNotNull();
        } catch (OnnxException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
        Map<String, List<int[]>> rows = new HashMap<>();
        SequenceImporter.inputs(model).forEach(name -> rows.put(name, List.of(new int[] {1, 2, 3, 1})));
        if (rows.isEmpty()) {
            return;
        }
        try {
            assertThat(SequenceImporter.importOnnx(
                            input, new TokenSamples(rows), AUTHOR, OPTIONS, ImportProgress.SILENT))
                    .isNotNull();
        } catch (OnnxException | MalformedModelException | IOException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
    }
}
