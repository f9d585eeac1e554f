package io.engram.inference.quantize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Samples of what a network will see, for measuring the ranges of its values. */
public final class CalibrationData {

    /** Most samples that are used; more in a directory are left out, in the order of their names. */
    public static final int MAX_SAMPLES = 4_096;

    /** One sample, not yet in a network's form. */
    private sealed interface Sample {

        record Pixels(PixelImage image) implements Sample {}

        /** {@code shape} has no batch dimension. */
        record Numbers(int[] shape, float[] values) implements Sample {}
    }

    private final List<Sample> samples;

    private CalibrationData(List<Sample> samples) {
        this.samples = List.copyOf(samples);
    }

    /**
     * Every PNG, PGM and PPM image and every {@code .npy} array of the directory itself, in the order of their names. An
     * array holds one sample in the ONNX input's own shape, or several along a first dimension.
     *
     * @throws IOException if a file cannot be read, or none is there
     */
    public static CalibrationData ofDirectory(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(directory)) {
            files = list.filter(file -> PixelImage.isImage(file) || isNpy(file))
                    .sorted()
                    .toList();
        }
        List<Sample> samples = new ArrayList<>();
        for (Path file : files) {
            if (samples.size() >= MAX_SAMPLES) {
                break;
            }
            if (isNpy(file)) {
                samples.add(numbers(NpyFile.read(file)));
            } else {
                samples.add(new Sample.Pixels(PixelImage.read(file)));
            }
        }
        if (samples.isEmpty()) {
            throw new IOException("no .png, .pgm, .ppm or .npy file in " + directory);
        }
        return new CalibrationData(samples);
    }

    /** A directory, an idx file of images (plain or gzip), an image or a {@code .npy} array. */
    public static CalibrationData of(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return ofDirectory(path);
        }
        if (isNpy(path)) {
            return ofNumbers(NpyFile.read(path));
        }
        return PixelImage.isImage(path) ? ofImages(List.of(PixelImage.read(path))) : ofIdx(IdxFile.read(path));
    }

    /** Grey images (N × height × width) or colour ones (N × height × width × 3). */
    public static CalibrationData ofIdx(IdxFile images) throws IOException {
        int[] shape = images.shape();
        int channels = shape.length == 4 ? shape[3] : 1;
        if (shape.length < 3 || (channels != 1 && channels != 3)) {
            throw new IOException("an idx file of images has 3 dimensions, or 4 with 1 or 3 channels");
        }
        List<PixelImage> list = new ArrayList<>();
        for (int i = 0; i < Math.min(images.count(), MAX_SAMPLES); i++) {
            int size = images.entrySize();
            list.add(new PixelImage(
                    shape[1], shape[2], channels, Arrays.copyOfRange(images.data(), i * size, (i + 1) * size)));
        }
        return ofImages(list);
    }

    public static CalibrationData ofImages(List<PixelImage> images) {
        return new CalibrationData(images.stream()
                .limit(MAX_SAMPLES)
                .map(image -> (Sample) new Sample.Pixels(image))
                .toList());
    }

    public static CalibrationData ofNumbers(NpyFile array) {
        return new CalibrationData(List.of(numbers(array)));
    }

    private static boolean isNpy(Path file) {
        return file.getFileName().toString().endsWith(".npy");
    }

    private static Sample numbers(NpyFile array) {
        return new Sample.Numbers(array.shape(), array.values());
    }

    /** Whether every sample is an image, so that the model's input can be bytes of pixels. */
    boolean isImages() {
        return samples.stream().allMatch(Sample.Pixels.class::isInstance);
    }

    /**
     * The samples as a network's input.
     *
     * @throws IOException if one does not have the input's shape
     */
    List<float[]> bind(InputForm form, PixelScale pixels) throws IOException {
        List<float[]> bound = new ArrayList<>();
        for (Sample sample : samples) {
            switch (sample) {
                case Sample.Pixels(PixelImage image) -> bound.add(form.fromImage(image, pixels));
                case Sample.Numbers(int[] shape, float[] values) -> bound.addAll(form.fromNumbers(shape, values));
            }
            if (bound.size() > MAX_SAMPLES) {
                throw new IOException("more than " + MAX_SAMPLES + " calibration samples");
            }
        }
        if (bound.isEmpty()) {
            throw new IOException("no calibration samples");
        }
        return bound;
    }
}
