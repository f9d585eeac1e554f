package io.engram.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.inference.Seeds;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files made to harm end in one checked error, soon and without much memory. */
class HostileOnnxTest {

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final OnnxValue INPUT = new OnnxValue("x", 1, List.of(1L, 4L));

    @Test
    void mutatedFilesEndInOneError() {
        Seeds.each(40, random -> mutations(random, 60));
    }

    @Test
    @Tag("long")
    void manyMutatedFilesEndInOneError() {
        Seeds.each(400, random -> mutations(random, 2_000));
    }

    private static void mutations(RandomGenerator random, int count) {
        List<byte[]> files = new ArrayList<>(SketchedNetworks.all().values());
        files.add(QuantizedNetworks.pairs());
        files.add(QuantizedNetworks.integers());
        files.add(QuantizedNetworks.sums());
        for (int i = 0; i < count; i++) {
            byte[] file = files.get(random.nextInt(files.size()));
            byte[] changed = random.nextInt(4) == 0
                    ? spliced(file, files.get(random.nextInt(files.size())), random)
                    : OnnxSketch.mutate(file, random);
            importQuietly(changed);
        }
    }

    /** The start of one file and the end of another. */
    private static byte[] spliced(byte[] a, byte[] b, RandomGenerator random) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(a, 0, random.nextInt(a.length));
        int from = random.nextInt(b.length);
        joined.write(b, from, b.length - from);
        return joined.toByteArray();
    }

    private static void importQuietly(byte[] file) {
        try {
            OnnxImporter.importGraph(OnnxDecoder.decode(file));
        } catch (OnnxException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Test
    void messagesNestedDeeplyAreSteppedOver() {
        // A graph attribute within a node within a graph attribute, and so on.
        byte[] nested = {};
        for (int depth = 0; depth < 20_000; depth++) {
            ProtoWriter outer = new ProtoWriter();
            outer.bytes(depth % 2 == 0 ? 6 : OnnxField.GRAPH_NODE, nested);
            nested = outer.toByteArray();
            if (nested.length > 1 << 20) {
                break;
            }
        }
        ProtoWriter file = new ProtoWriter();
        file.varint(OnnxField.MODEL_IR_VERSION, 8);
        file.bytes(OnnxField.MODEL_GRAPH, nested);
        refusedSoon(file.toByteArray());
    }

    @Test
    void aCycleIsRefused() {
        refusedSoon(new OnnxSketch(new SplittableRandom(1), 1, 4)
                .node("Add", "x b", "a")
                .node("Add", "x a", "b")
                .encode("b"));
    }

    @Test
    void twoValuesOfOneNameAreRefused() {
        refusedSoon(new OnnxSketch(new SplittableRandom(1), 1, 4)
                .node("Relu", "x", "a")
                .node("Tanh", "x", "a")
                .encode("a"));
    }

    @Test
    void filledTensorsTakeTheirSizeFromOneBudget() {
        OnnxSketch sketch = new OnnxSketch(new SplittableRandom(1), 1, 4).longs("huge", 1 << 26);
        for (int i = 0; i < 64; i++) {
            sketch.node("ConstantOfShape", "huge", "c" + i);
        }
        refusedSoon(sketch.node("Relu", "x", "y").encode("y"));
    }

    @Test
    void copiesOfOneConstantTakeTheirSizeFromTheSameBudget() {
        OnnxSketch sketch = new OnnxSketch(new SplittableRandom(1), 1, 4).weights("w", 1, 1024, 1024);
        for (int i = 0; i < 1_000; i++) {
            sketch.node("Transpose", "w", "t" + i, "perm", new long[] {1, 0});
        }
        refusedSoon(sketch.node("Relu", "x", "y").encode("y"));
    }

    @Test
    void layersThatShareWeightsTakeTheirSizeFromTheSameBudget() {
        OnnxSketch sketch = new OnnxSketch(new SplittableRandom(1), 1, 1024).weights("w", 1, 1024, 1024);
        for (int i = 0; i < 1_000; i++) {
            sketch.node("MatMul", "x w", "m" + i);
        }
        refusedSoon(sketch.encode("m0"));
    }

    @Test
    void shapesThatOverflowAreRefused() {
        for (long side : new long[] {1L << 31, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE, 0}) {
            refusedSoon(new OnnxSketch(new SplittableRandom(1), 1, side, side)
                    .node("Relu", "x", "y")
                    .encode("y"));
        }
        refusedSoon(new OnnxSketch(new SplittableRandom(1), 1, 4)
                .longs("wide", 1 << 20, 1 << 20, 1 << 20, 1 << 4)
                .node("Reshape", "x wide", "y")
                .encode("y"));
    }

    @Test
    void aLongChainOfFunctionsNeedsNoDeepStack() throws Exception {
        OnnxSketch sketch = new OnnxSketch(new SplittableRandom(1), 1, 4);
        String last = "x";
        for (int i = 0; i < 20_000; i++) {
            sketch.node(i % 2 == 0 ? "Tanh" : "Sigmoid", last, "f" + i);
            last = "f" + i;
        }
        byte[] file = sketch.encode(last);
        FloatGraph graph =
                Assertions.assertTimeoutPreemptively(SOON, () -> OnnxImporter.importGraph(OnnxDecoder.decode(file)));
        new FloatInterpreter(graph).run(List.of(new float[4]));
    }

    @Test
    void manyInputsAreRefused() {
        List<OnnxValue> inputs = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            inputs.add(new OnnxValue("x" + i, 1, List.of(1L, 4L)));
        }
        refusedSoon(OnnxEncoder.encode(model(List.of(), Map.of(), inputs)));
    }

    @Test
    void listsOfManyNumbersAreRefused() {
        List<OnnxNode> nodes = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < OnnxDecoder.MAX_NODE_ENTRIES; i++) {
            numbers.add((long) i);
        }
        for (int i = 0; i < 100; i++) {
            Map<String, OnnxAttribute> attributes = Map.of("axes", new OnnxAttribute.OfInts(numbers));
            nodes.add(new OnnxNode("", "Squeeze", "", List.of("x"), List.of("s" + i), attributes));
        }
        refusedSoon(OnnxEncoder.encode(model(nodes, Map.of(), List.of(INPUT))));
    }

    @Test
    void everyPrefixOfAQuantisedFileIsRefusedOrAModel() {
        byte[] file = QuantizedNetworks.pairs();
        for (int length = 0; length < file.length; length++) {
            importQuietly(Arrays.copyOf(file, length));
        }
    }

    private static OnnxModel model(List<OnnxNode> nodes, Map<String, OnnxTensor> constants, List<OnnxValue> inputs) {
        List<OnnxValue> outputs = List.of(new OnnxValue("y", 1, List.of()));
        return new OnnxModel(
                8, 13, "test", new OnnxGraph("hostile", nodes, new LinkedHashMap<>(constants), inputs, outputs));
    }

    private static void refusedSoon(byte[] file) {
        Assertions.assertTimeoutPreemptively(
                SOON,
                () -> assertThatThrownBy(() -> OnnxImporter.importGraph(OnnxDecoder.decode(file)))
                        .isInstanceOf(OnnxException.class));
    }
}
