package io.engram.inference.quantize;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * An image of 8-bit pixels.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param pixels rows from the top, channels last; unsigned
 */
public record PixelImage(int height, int width, int channels, byte[] pixels) {

    /** Largest height and width. */
    public static final int MAX_SIDE = 8192;

    private static final int MAX_FILE_BYTES = 1 << 28;

    /** Whether {@link #read} knows the file's ending: png, pgm or ppm. */
    public static boolean isImage(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".png") || name.endsWith(".pgm") || name.endsWith(".ppm");
    }

    /**
     * Reads PNG (through {@code javax.imageio}; alpha is dropped) and binary PGM and PPM with 255 as the largest value.
     *
     * @throws IOException if the file is none of these
     */
    public static PixelImage read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException(file + " is larger than " + MAX_FILE_BYTES + " bytes");
        }
        try {
            return decode(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** As {@link #read}, from memory. */
    public static PixelImage decode(byte[] file) throws IOException {
        if (file.length > 2 && file[0] == 'P' && (file[1] == '5' || file[1] == '6')) {
            return portable(file);
        }
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
        if (image == null) {
            throw new IOException("not a PNG, PGM or PPM image");
        }
        requireSides(image.getHeight(), image.getWidth());
        return image.getRaster().getNumBands() <= 2 ? grey(image) : colour(image);
    }

    /** This image with 1 or 3 channels; grey is (299 red + 587 green + 114 blue + 500) / 1000. */
    public PixelImage withChannels(int wanted) {
        if (wanted == channels) {
            return this;
        }
        int cells = height * width;
        byte[] changed = new byte[cells * wanted];
        for (int i = 0; i < cells; i++) {
            if (wanted == 1) {
                int red = pixels[3 * i] & 0xff;
                int green = pixels[3 * i + 1] & 0xff;
                int blue = pixels[3 * i + 2] & 0xff;
                changed[i] = (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
            } else {
                Arrays.fill(changed, i * wanted, (i + 1) * wanted, pixels[i]);
            }
        }
        return new PixelImage(height, width, wanted, changed);
    }

    /** The stored samples, free of any conversion between grey scales. */
    private static PixelImage grey(BufferedImage image) {
        Raster raster = image.getRaster();
        int depth = image.getSampleModel().getSampleSize(0);
        boolean palette = image.getColorModel() instanceof java.awt.image.IndexColorModel;
        if (palette) {
            return colour(image);
        }
        byte[] pixels = new byte[image.getHeight() * image.getWidth()];
        int top = (1 << depth) - 1;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int sample = raster.getSample(x, y, 0);
                pixels[y * image.getWidth() + x] = (byte) ((sample * 255L + top / 2) / top);
            }
        }
        return new PixelImage(image.getHeight(), image.getWidth(), 1, pixels);
    }

    private static PixelImage colour(BufferedImage image) {
        byte[] pixels = new byte[image.getHeight() * image.getWidth() * 3];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                pixels[at++] = (byte) (rgb >> 16);
                pixels[at++] = (byte) (rgb >> 8);
                pixels[at++] = (byte) rgb;
            }
        }
        return new PixelImage(image.getHeight(), image.getWidth(), 3, pixels);
    }

    private static PixelImage portable(byte[] file) throws IOException {
        int channels = file[1] == '5' ? 1 : 3;
        int[] numbers = new int[3];
        int at = 2;
        for (int i = 0; i < numbers.length; i++) {
            while (at < file.length && (Character.isWhitespace(file[at]) || file[at] == '#')) {
                if (file[at] == '#') {
                    while (at < file.length && file[at] != '\n') {
                        at++;
                    }
                } else {
                    at++;
                }
            }
            int digits = at;
            while (at < file.length && file[at] >= '0' && file[at] <= '9' && at - digits < 6) {
                numbers[i] = 10 * numbers[i] + file[at++] - '0';
            }
        }
        at++;
        requireSides(numbers[1], numbers[0]);
        if (numbers[2] != 255 || file.length - at != (long) numbers[0] * numbers[1] * channels) {
            throw new IOException("not a binary PGM or PPM image of 8-bit values");
        }
        return new PixelImage(numbers[1], numbers[0], channels, Arrays.copyOfRange(file, at, file.length));
    }

    private static void requireSides(int height, int width) throws IOException {
        if (height < 1 || width < 1 || height > MAX_SIDE || width > MAX_SIDE) {
            throw new IOException("image of " + width + " × " + height + " pixels, limit " + MAX_SIDE);
        }
    }
}
