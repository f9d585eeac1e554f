package io.engram.acceptance.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.inference.quantize.ImportOptions;
import io.engram.inference.quantize.PixelScale;
import io.engram.inference.tensor.TensorType;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Imported networks decide as ONNX Runtime does on the float originals, on pictures that calibration has not seen. */
class ZooTest {

    private static final ImportOptions OPTIONS =
            ImportOptions.DEFAULT.withThreads(2).withPixels(PixelScale.SIGNED);
    private static final double SAME_FACE = 0.9;
    /** Faces whose score is this near to the threshold may come or go. */
    private static final double NEAR_THRESHOLD = 0.5;

    @Test
    void theFrontCameraDetectorFindsTheSameFaces() throws Exception {
        assertSameFaces("face-front", 128, 24, 60);
    }

    @Test
    @Tag("long")
    void theBackCameraDetectorFindsTheSameFaces() throws Exception {
        assertSameFaces("face-back", 256, 24, 60);
    }

    @Test
    void theDirectionOfTextIsTheSame() throws Exception {
        assertSameDirections(64, 300, 0.99);
    }

    /** Of lines that the float network itself gets wrong, 1 in 20 here, many are close calls. */
    @Test
    @Tag("long")
    void theDirectionOfManyLinesOfTextIsTheSame() throws Exception {
        assertSameDirections(64, 2000, 0.99);
    }

    private static void assertSameFaces(String name, int side, int samples, int pictures) throws Exception {
        FacePictures generator = new FacePictures();
        RandomGenerator random = Pictures.random(2);
        ImportOptions options = OPTIONS.withOutputType(TensorType.INT16).withLimits(ZooNetwork.limitsForLargeImages());
        int faces = 0;
        double least = 1;
        try (ZooNetwork network = ZooNetwork.of(name, faces(generator, samples, side), options)) {
            for (int i = 0; i < pictures; i++) {
                BufferedImage picture = generator.next(random, side);
                List<FaceDetections.Face> real = decode(side, network.real(picture, true));
                List<FaceDetections.Face> integer = decode(side, network.integer(picture));
                for (FaceDetections.Face face : clear(real)) {
                    least = Math.min(least, bestOverlap(face, integer));
                    faces++;
                }
                for (FaceDetections.Face face : clear(integer)) {
                    least = Math.min(least, bestOverlap(face, real));
                }
            }
        }
        System.out.printf("%s: %d faces, least overlap %.3f%n", name, faces, least);
        assertThat(faces).isGreaterThanOrEqualTo(pictures * 9 / 10);
        assertThat(least).isGreaterThanOrEqualTo(SAME_FACE);
    }

    private static void assertSameDirections(int samples, int lines, double share) throws Exception {
        List<BufferedImage> calibration = new ArrayList<>();
        RandomGenerator seen = Pictures.random(1);
        for (int i = 0; i < samples; i++) {
            calibration.add(TextLines.next(seen, i % 2 == 1));
        }
        RandomGenerator random = Pictures.random(2);
        ImportOptions options = OPTIONS.withShapes(List.of(List.of(1, 3, TextLines.HEIGHT, TextLines.WIDTH)));
        int same = 0;
        int right = 0;
        try (ZooNetwork network = ZooNetwork.of("text-direction", calibration, options)) {
            for (int i = 0; i < lines; i++) {
                boolean upsideDown = i % 2 == 1;
                BufferedImage line = TextLines.next(random, upsideDown);
                float[] real = network.real(line, false).getFirst();
                float[] integer = network.integer(line).getFirst();
                same += (real[1] > real[0]) == (integer[1] > integer[0]) ? 1 : 0;
                right += (integer[1] > integer[0]) == upsideDown ? 1 : 0;
            }
        }
        System.out.printf("text-direction: same class on %d of %d lines, right %d%n", same, lines, right);
        assertThat(same).isGreaterThanOrEqualTo((int) Math.ceil(share * lines));
    }

    private static List<BufferedImage> faces(FacePictures generator, int count, int side) throws IOException {
        RandomGenerator random = Pictures.random(1);
        List<BufferedImage> pictures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pictures.add(generator.next(random, side));
        }
        return pictures;
    }

    private static List<FaceDetections.Face> decode(int side, List<float[]> outputs) {
        return FaceDetections.decode(side, outputs.get(0), outputs.get(1), outputs.get(2), outputs.get(3));
    }

    private static List<FaceDetections.Face> clear(List<FaceDetections.Face> faces) {
        return faces.stream().filter(face -> face.score() > NEAR_THRESHOLD).toList();
    }

    private static double bestOverlap(FaceDetections.Face face, List<FaceDetections.Face> others) {
        return others.stream().mapToDouble(face::overlap).max().orElse(0);
    }
}
