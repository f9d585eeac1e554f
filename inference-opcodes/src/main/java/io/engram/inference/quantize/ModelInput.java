package io.engram.inference.quantize;

import io.engram.inference.model.GraphInput;
import io.engram.inference.model.GraphOutput;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.io.IOException;
import java.util.Arrays;

/** Call data of one sample from images and numbers, and numbers from a call's output. */
public final class ModelInput {

    private static final int TOP_BIT = 0x80;

    private ModelInput() {}

    /**
     * The pixel bytes XOR 0x80, in the model's number of channels.
     *
     * @throws IOException if the model's input is not one int8 image of this size
     */
    public static byte[] ofImage(Model model, PixelImage image) throws IOException {
        GraphInput input = only(model);
        InputForm form = new InputForm(input.shape().toArray(), false);
        if (input.type() != TensorType.INT8) {
            throw new IOException("the model's input is " + input.type() + ", not an image");
        }
        int channels = form.channelsFor(image);
        return ofPixels(image.withChannels(channels).pixels());
    }

    /** The pixel bytes XOR 0x80. */
    public static byte[] ofPixels(byte[] pixels) {
        byte[] data = new byte[pixels.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (pixels[i] ^ TOP_BIT);
        }
        return data;
    }

    /**
     * Numbers quantised with the input's scale and clamped to its range.
     *
     * @throws IOException if the model does not have one input, or the array is not of its shape, images channels last
     */
    public static byte[] ofNumbers(Model model, NpyFile array) throws IOException {
        GraphInput input = only(model);
        int[] shape = input.shape().toArray();
        boolean fits = Arrays.equals(array.shape(), shape)
                || Arrays.equals(array.shape(), Arrays.copyOfRange(shape, 1, shape.length));
        if (!fits) {
            throw new IOException("an array of shape " + Arrays.toString(array.shape()) + " does not fit the input "
                    + Arrays.toString(shape));
        }
        TensorScale scale = new TensorScale(input.scale(), input.zeroPoint());
        Tensor tensor = Tensor.zeros(input.type(), input.shape());
        for (int i = 0; i < array.values().length; i++) {
            tensor.set(i, Math.clamp(scale.quantise(array.values()[i], input.type()), input.lo(), input.hi()));
        }
        return tensor.data();
    }

    /** The real numbers that the first output of a call stands for. */
    public static float[] scores(Model model, byte[] output) {
        GraphOutput first = model.graph().outputs().getFirst();
        Value value = model.value(first.value());
        Tensor tensor = Tensor.wrap(value.type(), value.shape(), Arrays.copyOf(output, Math.toIntExact(value.bytes())));
        TensorScale scale = new TensorScale(first.scale(), first.zeroPoint());
        float[] scores = new float[tensor.shape().elements()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) scale.dequantise(tensor.get(i));
        }
        return scores;
    }

    private static GraphInput only(Model model) throws IOException {
        if (model.graph().inputs().size() != 1) {
            throw new IOException("the model has " + model.graph().inputs().size() + " inputs");
        }
        return model.graph().inputs().getFirst();
    }
}
