package io.engram.inference.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Builds small ONNX models in tests. The input is "x". */
public final class OnnxSketch {

    private final List<Long> inputShape;
    private final RandomGenerator random;
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final Map<String, OnnxTensor> constants = new LinkedHashMap<>();

    public OnnxSketch(RandomGenerator random, long... inputShape) {
        this.random = random;
        this.inputShape = java.util.Arrays.stream(inputShape).boxed().toList();
    }

    /** A constant of random values with this deviation. */
    public OnnxSketch weights(String name, double deviation, int... shape) {
        float[] values = new float[Shapes.size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        constants.put(name, OnnxTensor.ofFloats(name, shape, values));
        return this;
    }

    /** A constant of random values from {@code low} to {@code high}. */
    public OnnxSketch uniform(String name, float low, float high, int... shape) {
        float[] values = new float[Shapes.size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat(low, high);
        }
        constants.put(name, OnnxTensor.ofFloats(name, shape, values));
        return this;
    }

    public OnnxSketch floats(String name, float... values) {
        constants.put(
                name, OnnxTensor.ofFloats(name, values.length == 1 ? new int[0] : new int[] {values.length}, values));
        return this;
    }

    /** A constant of 8-bit integers. */
    public OnnxSketch bytes(String name, OnnxType type, int[] shape, int... values) {
        byte[] raw = new byte[values.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) values[i];
        }
        constants.put(name, new OnnxTensor(name, type, shape, raw));
        return this;
    }

    /** A constant of 32-bit integers. */
    public OnnxSketch ints(String name, int... values) {
        byte[] raw = new byte[4 * values.length];
        for (int i = 0; i < values.length; i++) {
            LittleEndian.putInt(raw, 4 * i, values[i]);
        }
        constants.put(name, new OnnxTensor(name, OnnxType.INT32, new int[] {values.length}, raw));
        return this;
    }

    public OnnxSketch longs(String name, long... values) {
        constants.put(name, OnnxTensor.ofLongs(name, new int[] {values.length}, values));
        return this;
    }

    /**
     * A node whose output has the given name.
     *
     * @param inputs names with spaces between
     * @param attributes names and values in turn: Long, Float, String or long[]
     */
    public OnnxSketch node(String operator, String inputs, String output, Object... attributes) {
        Map<String, OnnxAttribute> map = new LinkedHashMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            map.put(
                    (String) attributes[i],
                    switch (attributes[i + 1]) {
                        case Integer value -> new OnnxAttribute.OfInt(value);
                        case Float value -> new OnnxAttribute.OfFloat(value);
                        case String value -> new OnnxAttribute.OfText(value);
                        case long[] values ->
                            new OnnxAttribute.OfInts(
                                    java.util.Arrays.stream(values).boxed().toList());
                        default -> throw new IllegalArgumentException("attribute " + attributes[i]);
                    });
        }
        nodes.add(new OnnxNode("", operator, "", List.of(inputs.split(" ")), List.of(output), map));
        return this;
    }

    public OnnxModel model(String... outputs) {
        List<OnnxValue> results = java.util.Arrays.stream(outputs)
                .map(name -> new OnnxValue(name, 1, List.of()))
                .toList();
        OnnxGraph graph = new OnnxGraph(
                "sketch", List.copyOf(nodes), constants, List.of(new OnnxValue("x", 1, inputShape)), results);
        return new OnnxModel(8, 13, "test", graph);
    }

    public byte[] encode(String... outputs) {
        return OnnxEncoder.encode(model(outputs));
    }

    /** The file with one to three bytes changed or left out. */
    public static byte[] mutate(byte[] file, RandomGenerator random) {
        byte[] changed = file.clone();
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(4)) {
                case 0 -> changed[at] = (byte) random.nextInt();
                case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> changed[at] = (byte) (random.nextBoolean() ? 0xff : 0);
                default -> {
                    byte[] shorter = new byte[changed.length - 1];
                    System.arraycopy(changed, 0, shorter, 0, at);
                    System.arraycopy(changed, at + 1, shorter, at, shorter.length - at);
                    changed = shorter;
                }
            }
        }
        return changed;
    }
}
