package io.engram.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatInterpreter;
import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.onnx.OnnxImporter;
import io.engram.inference.quantize.IdxFile;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The ONNX file that training wrote, read by the field's own runtime. */
class OnnxRuntimeTest {

    private static final Path ROOT = Path.of(System.getProperty("engram.root", ".."));

    @Test
    void onnxRuntimeReadsTheFileAndComputesWhatTheImporterDoes() throws Exception {
        byte[] file = Files.readAllBytes(ROOT.resolve("inference-opcodes/src/test/resources/fashion-mnist.onnx"));
        IdxFile images = IdxFile.read(
                ROOT.resolve("client/src/main/resources/io/engram/client/demo/fashion-mnist-100-images.idx.gz"));
        FloatGraph graph = OnnxImporter.importGraph(OnnxDecoder.decode(file));
        FloatInterpreter interpreter = new FloatInterpreter(graph);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file)) {
            for (int i = 0; i < images.count(); i++) {
                float[] pixels = new float[images.entrySize()];
                for (int j = 0; j < pixels.length; j++) {
                    pixels[j] = (images.data()[i * pixels.length + j] & 0xff) / 255f;
                }
                interpreter.run(List.of(pixels));
                try (OnnxTensor input = OnnxTensor.createTensor(
                                environment, FloatBuffer.wrap(pixels), new long[] {1, 1, 28, 28});
                        OrtSession.Result result = session.run(Map.of("input", input))) {
                    float[][] logits = (float[][]) result.get(0).getValue();
                    assertThat(logits[0]).containsExactly(interpreter.output(), Offset.offset(1e-3f));
                }
            }
        }
    }
}
