package io.engram.inference.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.inference.MalformedModelException;
import io.engram.inference.onnx.OnnxSketch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The same sources give the same modelId, and a network beyond the limits is refused before it is run. */
class ReproducibleImportTest {

    @Test
    void theModelIdDependsOnNeitherThreadsNorTheOrderOfSamples() throws Exception {
        List<PixelImage> images = images(40, 13, 13);
        List<PixelImage> backwards = new ArrayList<>(images);
        Collections.reverse(backwards);
        byte[] onnx = residual();
        List<Hash> ids = new ArrayList<>();
        for (int threads : new int[] {1, 2, 5}) {
            for (List<PixelImage> order : List.of(images, backwards)) {
                Imported imported = ModelImporter.importOnnx(
                        onnx,
                        CalibrationData.ofImages(order),
                        Address.ZERO,
                        ImportOptions.DEFAULT.withThreads(threads));
                ids.add(imported.model().id());
            }
        }
        assertThat(ids.stream().distinct()).hasSize(1);
    }

    @Test
    void aNetworkThatWouldTakeForeverIsRefusedBeforeItRuns() {
        byte[] onnx = new OnnxSketch(new SplittableRandom(3), 1, 3, 2048, 2048)
                .node("MaxPool", "x", "y", "kernel_shape", new long[] {2047, 2047}, "pads", new long[] {
                    1023, 1023, 1023, 1023
                })
                .encode("y");
        CalibrationData data = CalibrationData.ofImages(images(1, 2048, 2048));
        assertThatThrownBy(() -> ModelImporter.importOnnx(onnx, data, Address.ZERO, ImportOptions.DEFAULT))
                .isInstanceOf(MalformedModelException.class)
                .hasMessageContaining("element operations");
    }

    /** A residual network on colour pictures, so that every method of the quantiser is tried. */
    private static byte[] residual() {
        return new OnnxSketch(new SplittableRandom(9), 1, 3, 13, 13)
                .weights("w1", 0.3, 8, 3, 3, 3)
                .node("Conv", "x w1", "a", "pads", new long[] {1, 1, 1, 1})
                .node("Relu", "a", "b")
                .weights("w2", 0.4, 8, 1, 3, 3)
                .node("Conv", "b w2", "c", "group", 8, "pads", new long[] {1, 1, 1, 1})
                .weights("w3", 0.3, 8, 8, 1, 1)
                .node("Conv", "c w3", "d")
                .node("Add", "b d", "e")
                .node("Relu", "e", "f")
                .weights("w4", 0.3, 8, 8, 1, 1)
                .node("Conv", "f w4", "g")
                .node("Add", "f g", "h")
                .node("GlobalAveragePool", "h", "i")
                .node("Flatten", "i", "j")
                .weights("w5", 0.5, 8, 5)
                .node("MatMul", "j w5", "y")
                .encode("y");
    }

    private static List<PixelImage> images(int count, int height, int width) {
        SplittableRandom random = new SplittableRandom(4);
        List<PixelImage> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] pixels = new byte[height * width * 3];
            random.nextBytes(pixels);
            images.add(new PixelImage(height, width, 3, pixels));
        }
        return images;
    }
}
