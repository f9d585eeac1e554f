package io.engram.inference.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleFilesTest {

    @Test
    void anArraySurvivesTheNpyFormat() throws Exception {
        NpyFile array = new NpyFile(new int[] {2, 3}, new float[] {1, -2, 3.5f, 0, 1e-20f, 7});
        NpyFile read = NpyFile.decode(array.encode());
        assertThat(read.shape()).containsExactly(2, 3);
        assertThat(read.values()).containsExactly(array.values());
        assertThat(array.encode().length % 64).isEqualTo(2 * 3 * 4);
    }

    @Test
    void numpysBytesAndIntegersAreRead() throws Exception {
        String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }";
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
        file.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(new byte[] {1, (byte) 200, 3});
        assertThat(NpyFile.decode(file.toByteArray()).values()).containsExactly(1, 200, 3);
    }

    @Test
    void anIdxFileSurvivesEncoding() throws Exception {
        IdxFile file = new IdxFile(new int[] {2, 2, 1}, new byte[] {1, 2, 3, -4});
        IdxFile read = IdxFile.read(new ByteArrayInputStream(file.encode()));
        assertThat(read.shape()).containsExactly(2, 2, 1);
        assertThat(read.data()).containsExactly(1, 2, 3, -4);
        assertThat(read.slice(1, 2).data()).containsExactly(3, -4);
    }

    @Test
    void randomAndChangedBytesEndInAnIoException() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] npy = new NpyFile(new int[] {2, 3}, new float[6]).encode();
        byte[] idx = new IdxFile(new int[] {2, 2, 2}, new byte[8]).encode();
        byte[] pgm = "P5\n# made here\n3 2\n255\n123456".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 5_000; i++) {
            byte[] changed = (i % 3 == 0 ? npy : i % 3 == 1 ? idx : pgm).clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            byte[] cut = java.util.Arrays.copyOf(changed, random.nextInt(changed.length + 1));
            for (byte[] bytes : new byte[][] {changed, cut}) {
                try {
                    switch (i % 3) {
                        case 0 -> NpyFile.decode(bytes);
                        case 1 -> IdxFile.read(new ByteArrayInputStream(bytes));
                        default -> PixelImage.decode(bytes);
                    }
                } catch (IOException e) {
                    assertThat(e.getMessage()).as("seed %d", seed).isNotEmpty();
                }
            }
        }
    }

    @Test
    void greyPixelsOfPngAndPgmAreTheStoredOnes() throws Exception {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        byte[] pixels = new byte[256];
        for (int i = 0; i < 256; i++) {
            pixels[i] = (byte) i;
            image.getRaster().setSample(i % 16, i / 16, 0, i);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, "png", png)).isTrue();
        assertThat(PixelImage.decode(png.toByteArray()).pixels()).containsExactly(pixels);

        ByteArrayOutputStream pgm = new ByteArrayOutputStream();
        pgm.writeBytes("P5\n16 16\n255\n".getBytes(StandardCharsets.US_ASCII));
        pgm.writeBytes(pixels);
        assertThat(PixelImage.decode(pgm.toByteArray()).pixels()).containsExactly(pixels);
    }

    @Test
    void colourBecomesGreyAndGreyBecomesColour() {
        PixelImage red = new PixelImage(1, 1, 3, new byte[] {(byte) 255, 0, 0});
        assertThat(red.withChannels(1).pixels()).containsExactly(76);
        assertThat(red.withChannels(1).withChannels(3).pixels()).containsExactly(76, 76, 76);
    }

    @Test
    void aDirectoryIsReadInTheOrderOfNames(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("readme.txt"), "not a sample");
        Files.write(directory.resolve("b.npy"), new NpyFile(new int[] {1, 2}, new float[] {3, 4}).encode());
        Files.write(directory.resolve("a.npy"), new NpyFile(new int[] {2, 1, 2}, new float[] {1, 2, 5, 6}).encode());
        CalibrationData data = CalibrationData.ofDirectory(directory);
        assertThat(data.bind(new InputForm(new int[] {1, 1, 2}, false), PixelScale.UNIT))
                .containsExactly(new float[] {1, 2}, new float[] {5, 6}, new float[] {3, 4});
    }

    @Test
    void anEmptyDirectoryIsRefused(@TempDir Path directory) {
        assertThatThrownBy(() -> CalibrationData.ofDirectory(directory)).isInstanceOf(IOException.class);
    }

    @Test
    void pixelsAreBytesWithTheTopBitFlipped() {
        assertThat(ModelInput.ofPixels(new byte[] {0, 127, (byte) 255})).containsExactly(-128, -1, 127);
        assertThat(PixelScale.UNIT.quantisation().zeroPoint()).isEqualTo(-128);
        assertThat(PixelScale.SIGNED.quantisation().zeroPoint()).isEqualTo(0);
    }

    @Test
    void pixelsThatCannotExpressZeroAreRefused() {
        assertThatThrownBy(() -> new PixelScale(1.0 / 255, 0.5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anArrayInChannelFirstOrderIsMovedToChannelsLast() throws Exception {
        InputForm form = new InputForm(new int[] {1, 1, 2, 3}, true);
        assertThat(form.fromNumbers(new int[] {3, 1, 2}, new float[] {1, 2, 3, 4, 5, 6}))
                .containsExactly(new float[] {1, 3, 5, 2, 4, 6});
    }
}
