package io.engram.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OnnxDecoderTest {

    private static final int MUTATIONS = 3_000;

    @Test
    void encodingWhatWasDecodedGivesTheSameFile() throws Exception {
        for (byte[] file : files()) {
            assertThat(OnnxEncoder.encode(OnnxDecoder.decode(file))).isEqualTo(file);
        }
    }

    @Test
    void everyPrefixOfAFileIsRefusedOrIsAModel() throws Exception {
        byte[] file = SketchedNetworks.all().values().iterator().next();
        for (int length = 0; length < file.length; length += 7) {
            importQuietly(Arrays.copyOf(file, length));
        }
        byte[] trained = trained();
        for (int length = 0; length < trained.length; length += 4_999) {
            importQuietly(Arrays.copyOf(trained, length));
        }
    }

    @Test
    void aChangedFileIsRefusedOrIsAModel() throws Exception {
        importMutations(MUTATIONS);
    }

    @Test
    @Tag("long")
    void manyChangedFilesAreRefusedOrAreModels() throws Exception {
        importMutations(100 * MUTATIONS);
    }

    private static void importMutations(int mutations) throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (byte[] file : files()) {
            for (int i = 0; i < mutations; i++) {
                byte[] changed = OnnxSketch.mutate(file, random);
                try {
                    refused += importQuietly(changed) ? 0 : 1;
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("seed " + seed + ", mutation " + i, e);
                }
            }
        }
        assertThat(refused).as("seed %d", seed).isPositive();
    }

    @Test
    void randomBytesAreRefused() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            assertThat(importQuietly(bytes)).as("seed %d", seed).isFalse();
        }
    }

    @Test
    void anUnknownOperatorIsNamedWithItsNode() {
        byte[] file = new OnnxSketch(new SplittableRandom(1), 1, 4)
                .node("LSTM", "x", "y")
                .encode("y");
        assertThatThrownBy(() -> OnnxImporter.importGraph(OnnxDecoder.decode(file)))
                .isInstanceOfSatisfying(UnsupportedOperatorException.class, e -> {
                    assertThat(e.node()).isEqualTo("y");
                    assertThat(e.operator()).isEqualTo("LSTM");
                });
    }

    @Test
    void aTensorLargerThanItsDataIsRefusedBeforeMemoryIsTaken() {
        OnnxModel small = new OnnxSketch(new SplittableRandom(1), 1, 4)
                .floats("w", 1, 2)
                .node("Add", "x w", "y")
                .model("y");
        byte[] file = OnnxEncoder.encode(small);
        // The dimension 2 of the constant, which follows its field tag: made 2^26.
        byte[] large = replaceFirst(file, new byte[] {8, 2, 16, 1}, new byte[] {8, -128, -128, -128, 32, 16, 1});
        assertThatThrownBy(() -> OnnxDecoder.decode(large)).isInstanceOf(OnnxException.class);
    }

    private static byte[] replaceFirst(byte[] file, byte[] old, byte[] replacement) {
        for (int i = 0; i + old.length <= file.length; i++) {
            if (Arrays.equals(file, i, i + old.length, old, 0, old.length)) {
                byte[] changed = new byte[file.length - old.length + replacement.length];
                System.arraycopy(file, 0, changed, 0, i);
                System.arraycopy(replacement, 0, changed, i, replacement.length);
                System.arraycopy(file, i + old.length, changed, i + replacement.length, file.length - i - old.length);
                return changed;
            }
        }
        throw new IllegalArgumentException("not found");
    }

    private static boolean importQuietly(byte[] file) {
        try {
            OnnxImporter.importGraph(OnnxDecoder.decode(file));
            return true;
        } catch (OnnxException e) {
            return false;
        }
    }

    private static List<byte[]> files() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (Map.Entry<String, byte[]> network : SketchedNetworks.all().entrySet()) {
            files.add(network.getValue());
        }
        return files;
    }

    private static byte[] trained() throws IOException {
        try (InputStream stream = OnnxDecoderTest.class.getResourceAsStream("/fashion-mnist.onnx")) {
            return Objects.requireNonNull(stream).readAllBytes();
        }
    }
}
