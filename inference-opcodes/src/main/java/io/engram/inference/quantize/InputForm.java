package io.engram.inference.quantize;

import io.engram.inference.onnx.Layouts;
import io.engram.inference.onnx.Shapes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The shape of a network's input and the order it is declared in.
 *
 * @param shape batch of one first, images channels last
 * @param moved whether the ONNX file declares batch, channel, height, width
 */
record InputForm(int[] shape, boolean moved) {

    float[] fromImage(PixelImage image, PixelScale scale) throws IOException {
        byte[] pixels = image.withChannels(channelsFor(image)).pixels();
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = scale.apply(pixels[i]);
        }
        return values;
    }

    /**
     * The number of channels that the image must be turned into. An input of rank 2 or 3 takes grey images.
     *
     * @throws IOException if the image has another size
     */
    int channelsFor(PixelImage image) throws IOException {
        int channels = shape.length == 4 ? shape[3] : 1;
        boolean fits = shape.length == 4
                ? image.height() == shape[1] && image.width() == shape[2] && (channels == 1 || channels == 3)
                : (shape.length == 2 || shape.length == 3) && image.height() * image.width() == Shapes.size(shape);
        if (!fits) {
            throw new IOException("an image of " + image.width() + " × " + image.height()
                    + " pixels does not fit the input " + Arrays.toString(shape));
        }
        return channels;
    }

    /** One sample or more, in the file's own order. */
    List<float[]> fromNumbers(int[] from, float[] values) throws IOException {
        int size = Shapes.size(shape);
        int[] declared = moved ? new int[] {1, shape[3], shape[1], shape[2]} : shape;
        int[] sample = Arrays.copyOfRange(declared, 1, declared.length);
        int[] tail = from.length > sample.length ? Arrays.copyOfRange(from, 1, from.length) : from;
        if (!Arrays.equals(tail, sample) || values.length == 0) {
            throw new IOException("an array of shape " + Arrays.toString(from) + " does not fit the input "
                    + Arrays.toString(declared));
        }
        List<float[]> samples = new ArrayList<>();
        for (int start = 0; start < values.length; start += size) {
            float[] one = Arrays.copyOfRange(values, start, start + size);
            if (moved) {
                float[] own = new float[size];
                Layouts.transpose(one, declared, new int[] {0, 2, 3, 1}, own);
                one = own;
            }
            samples.add(one);
        }
        return samples;
    }
}
