package io.engram.acceptance.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.engram.inference.engine.Inference;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.cuda.CudaBackend;
import io.engram.inference.engine.cuda.CudaOptions;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.quantize.ImportOptions;
import io.engram.inference.quantize.PixelScale;
import io.engram.inference.tensor.TensorType;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Networks of the zoo give the reference's bits on every CUDA device, commitments included. */
class CudaZooTest {

    private static final ImportOptions OPTIONS =
            ImportOptions.DEFAULT.withThreads(2).withPixels(PixelScale.SIGNED);

    /** Where the tests are there for the card, none may be skipped. */
    private static final boolean REQUIRED = Boolean.getBoolean("engram.cuda.required");

    @BeforeEach
    void requireCuda() {
        CudaBackend.unavailable().ifPresent(reason -> {
            assertThat(REQUIRED).as(reason).isFalse();
            assumeTrue(false, reason);
        });
    }

    @Test
    void theFrontCameraDetectorGivesTheSameBits() throws Exception {
        assertSameBits("face-front", 128);
    }

    @Test
    @Tag("long")
    void theBackCameraDetectorGivesTheSameBits() throws Exception {
        assertSameBits("face-back", 256);
    }

    @Test
    void theDirectionOfTextGivesTheSameBits() throws Exception {
        RandomGenerator random = Pictures.random(1);
        List<BufferedImage> lines = List.of(TextLines.next(random, false), TextLines.next(random, true));
        ImportOptions options = OPTIONS.withShapes(List.of(List.of(1, 3, TextLines.HEIGHT, TextLines.WIDTH)));
        try (ZooNetwork network = ZooNetwork.of("text-direction", lines, options)) {
            assertSameBits(network, lines.getFirst());
        }
    }

    private static void assertSameBits(String name, int side) throws Exception {
        FacePictures generator = new FacePictures();
        RandomGenerator random = Pictures.random(1);
        List<BufferedImage> faces = List.of(generator.next(random, side), generator.next(random, side));
        ImportOptions options = OPTIONS.withOutputType(TensorType.INT16).withLimits(ZooNetwork.limitsForLargeImages());
        try (ZooNetwork network = ZooNetwork.of(name, faces, options)) {
            assertSameBits(network, faces.getFirst());
        }
    }

    private static void assertSameBits(ZooNetwork network, BufferedImage picture) throws Exception {
        byte[] input = network.input(picture);
        Inference expected = new InferenceEngine(new ReferenceBackend(), 0)
                .run(network.model(), input)
                .getFirst();
        for (int device = 0; device < CudaBackend.devices(); device++) {
            InferenceEngine engine = new InferenceEngine(CudaBackend.open(CudaOptions.DEFAULT, device), 0);
            assertThat(engine.run(network.model(), input).getFirst())
                    .as("%s", engine.backend())
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
        }
    }
}
