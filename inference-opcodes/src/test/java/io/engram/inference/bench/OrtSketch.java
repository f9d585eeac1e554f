package io.engram.inference.bench;

import io.engram.inference.onnx.OnnxAttribute;
import io.engram.inference.onnx.OnnxEncoder;
import io.engram.inference.onnx.OnnxGraph;
import io.engram.inference.onnx.OnnxModel;
import io.engram.inference.onnx.OnnxNode;
import io.engram.inference.onnx.OnnxTensor;
import io.engram.inference.onnx.OnnxType;
import io.engram.inference.onnx.OnnxValue;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A sketched network as a quantised ONNX file: u8 activations, s8 weights with a scale for each channel. */
final class OrtSketch implements NetworkSketch {

    private static final String MICROSOFT = "com.microsoft";

    private final SplittableRandom random = new SplittableRandom(1);
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final Map<String, OnnxTensor> constants = new LinkedHashMap<>();
    /** Channels first, without the batch; or rows and columns. */
    private final List<int[]> shapes = new ArrayList<>();

    private final List<Boolean> positive = new ArrayList<>();
    private final List<OnnxValue> outputs = new ArrayList<>();
    private final boolean rescaled;
    private long[] inputShape = {};

    /** @param rescaled whether products are brought to u8, as Engram's are, or stay int32 */
    OrtSketch(boolean rescaled) {
        this.rescaled = rescaled;
    }

    /** The file of a network. */
    byte[] encode() {
        OnnxGraph graph = new OnnxGraph(
                "bench",
                nodes,
                constants,
                List.of(new OnnxValue("v0", OnnxType.UINT8.code(), boxed(inputShape))),
                outputs);
        byte[] file = OnnxEncoder.encode(new OnnxModel(8, 13, "bench", graph));
        // One more opset_import, field 8: the domain of pooling and adding on quantised values, version 1.
        byte[] domain = MICROSOFT.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(file);
        out.write(0x42);
        out.write(domain.length + 4);
        out.write(0x0a);
        out.write(domain.length);
        out.writeBytes(domain);
        out.write(0x10);
        out.write(1);
        return out.toByteArray();
    }

    long[] inputShape() {
        return inputShape;
    }

    private static List<Long> boxed(long... values) {
        return Arrays.stream(values).boxed().toList();
    }

    private int value(int[] shape, boolean relu) {
        shapes.add(shape);
        positive.add(relu);
        return shapes.size() - 1;
    }

    private String scalar(String kind, Object number) {
        String name = kind + constants.size();
        constants.put(
                name,
                number instanceof Float scale
                        ? OnnxTensor.ofFloats(name, new int[0], new float[] {scale})
                        : new OnnxTensor(
                                name, kind.equals("signed") ? OnnxType.INT8 : OnnxType.UINT8, new int[0], new byte[] {
                                    ((Integer) number).byteValue()
                                }));
        return name;
    }

    private String zero(int value) {
        return scalar("zero", positive.get(value) ? 0 : 128);
    }

    private String scale(float scale) {
        return scalar("scale", scale);
    }

    private String weights(int... shape) {
        String name = "weights" + constants.size();
        byte[] data = new byte[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) random.nextInt(-127, 128);
        }
        constants.put(name, new OnnxTensor(name, OnnxType.INT8, shape, data));
        return name;
    }

    private String bias(int channels) {
        String name = "bias" + constants.size();
        ByteBuffer data = ByteBuffer.allocate(4 * channels).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < channels; i++) {
            data.putInt(random.nextInt(-1_000, 1_000));
        }
        constants.put(name, new OnnxTensor(name, OnnxType.INT32, new int[] {channels}, data.array()));
        return name;
    }

    private String scales(int channels) {
        String name = "scales" + constants.size();
        float[] values = new float[channels];
        for (int i = 0; i < channels; i++) {
            values[i] = random.nextFloat(0.0005f, 0.002f);
        }
        constants.put(name, OnnxTensor.ofFloats(name, new int[] {channels}, values));
        return name;
    }

    private void node(String operator, String domain, List<String> inputs, int output, Object... attributes) {
        Map<String, OnnxAttribute> map = new LinkedHashMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            map.put(
                    (String) attributes[i],
                    attributes[i + 1] instanceof Integer number
                            ? new OnnxAttribute.OfInt(number)
                            : new OnnxAttribute.OfInts(boxed((long[]) attributes[i + 1])));
        }
        nodes.add(new OnnxNode("", operator, domain, inputs, List.of("v" + output), map));
    }

    @Override
    public int input(int height, int width, int channels) {
        inputShape = new long[] {1, channels, height, width};
        return value(new int[] {channels, height, width}, false);
    }

    private int convolve(int value, int channels, int kernel, int stride, int groups, boolean relu) {
        int[] in = shapes.get(value);
        int pad = kernel / 2;
        int height = (in[1] + 2 * pad - kernel) / stride + 1;
        int width = (in[2] + 2 * pad - kernel) / stride + 1;
        int result = value(new int[] {channels, height, width}, relu);
        node(
                "QLinearConv",
                "",
                List.of(
                        "v" + value,
                        scale(1f),
                        zero(value),
                        weights(channels, in[0] / groups, kernel, kernel),
                        scales(channels),
                        scalar("signed", 0),
                        scale(1f),
                        zero(result),
                        bias(channels)),
                result,
                "kernel_shape",
                new long[] {kernel, kernel},
                "strides",
                new long[] {stride, stride},
                "pads",
                new long[] {pad, pad, pad, pad},
                "group",
                groups);
        return result;
    }

    @Override
    public int convolution(int value, int channels, int kernel, int stride, boolean relu) {
        return convolve(value, channels, kernel, stride, 1, relu);
    }

    @Override
    public int depthwise(int value, int stride) {
        int channels = shapes.get(value)[0];
        return convolve(value, channels, 3, stride, channels, true);
    }

    @Override
    public int add(int a, int b, boolean relu) {
        int result = value(shapes.get(a), relu);
        node(
                "QLinearAdd",
                MICROSOFT,
                List.of("v" + a, scale(1f), zero(a), "v" + b, scale(0.8f), zero(b), scale(1.4f), zero(result)),
                result);
        return result;
    }

    @Override
    public int maxPool(int value, int kernel, int stride, int pad) {
        int[] in = shapes.get(value);
        int result = value(
                new int[] {in[0], (in[1] + 2 * pad - kernel) / stride + 1, (in[2] + 2 * pad - kernel) / stride + 1},
                positive.get(value));
        node(
                "MaxPool",
                "",
                List.of("v" + value),
                result,
                "kernel_shape",
                new long[] {kernel, kernel},
                "strides",
                new long[] {stride, stride},
                "pads",
                new long[] {pad, pad, pad, pad});
        return result;
    }

    @Override
    public int globalPool(int value) {
        int result = value(new int[] {shapes.get(value)[0], 1, 1}, positive.get(value));
        node(
                "QLinearGlobalAveragePool",
                MICROSOFT,
                List.of("v" + value, scale(1f), zero(value), scale(1f), zero(result)),
                result,
                "channels_last",
                0);
        return result;
    }

    @Override
    public int dense(int value, int units, boolean relu) {
        int elements = Arrays.stream(shapes.get(value)).reduce(1, (a, b) -> a * b);
        int flat = value(new int[] {1, elements}, positive.get(value));
        node("Flatten", "", List.of("v" + value), flat, "axis", 1);
        int result = value(new int[] {1, units}, relu);
        quantised(flat, elements, result, units);
        return result;
    }

    private void quantised(int in, int inner, int result, int columns) {
        node(
                "QLinearMatMul",
                "",
                List.of(
                        "v" + in,
                        scale(1f),
                        zero(in),
                        weights(inner, columns),
                        scale(0.001f),
                        scalar("signed", 0),
                        scale(1f),
                        zero(result)),
                result);
    }

    @Override
    public int product(int rows, int inner, int columns) {
        inputShape = new long[] {rows, inner};
        int in = value(new int[] {rows, inner}, false);
        int result = value(new int[] {rows, columns}, false);
        if (rescaled) {
            quantised(in, inner, result, columns);
        } else {
            node(
                    "MatMulInteger",
                    "",
                    List.of("v" + in, weights(inner, columns), zero(in), scalar("signed", 0)),
                    result);
        }
        return result;
    }

    @Override
    public void output(int value) {
        int type = nodes.getLast().operator().equals("MatMulInteger") ? OnnxType.INT32.code() : OnnxType.UINT8.code();
        outputs.add(new OnnxValue("v" + value, type, List.of()));
    }
}
