package io.engram.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.Seeds;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.operator.Add;
import io.engram.inference.operator.Clamp;
import io.engram.inference.operator.Concatenate;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.Gather;
import io.engram.inference.operator.Interpolate;
import io.engram.inference.operator.Mean;
import io.engram.inference.operator.Normalise;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Scaled;
import io.engram.inference.operator.Slice;
import io.engram.inference.operator.WideSoftmax;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a file says, reading it ends in a model or in the one checked exception, within bounds of time and memory. */
class HostileModelTest {

    private static final InferenceConfig.Limits LIMITS = InferenceConfig.Limits.DEFAULT;
    private static final OutputRange INT8 = OutputRange.int8(0);
    private static final OutputRange INT16 = new OutputRange(TensorType.INT16, 0, -9_000, 9_000);

    private static final int GRAPH_SECTION_LENGTH = 40;
    private static final int CONSTANT_COUNT = 52;
    private static final int NODE_COUNT = 56;

    /** CPU time of one small file; the slowest takes some milliseconds once the code is compiled. */
    private static final long MAX_NANOS = 5_000_000_000L;

    /** Memory of reading: a number of times the file, and what any file may take. */
    private static final long FREE_BYTES = 8L << 20;

    private static final long TIMES_FILE = 40;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final List<byte[]> files =
            List.of(write(TestGraphs.convolutional(8, 2, 16)), write(TestGraphs.branching()), write(transformer()));

    private static byte[] write(Graph graph) {
        try {
            return ModelWriter.write(graph);
        } catch (MalformedModelException e) {
            throw new AssertionError(e);
        }
    }

    /** Operators of transformers in a row. */
    private static Graph transformer() {
        RandomGenerator random = TestGraphs.random(21);
        GraphBuilder builder = new GraphBuilder(TestGraphs.AUTHOR, 2);
        int ids = builder.input(new GraphInput(TensorType.INT16, Shape.of(1, 3), 0, 9, Scale.ONE, 0));
        int table = builder.constant(TestGraphs.tensor(random, TensorType.INT16, Shape.of(10, 4), -99, 99));
        int value = builder.node(new Gather(0), table, ids);
        value = builder.node(
                new Normalise(true, 0, Normalise.Epsilon.ZERO, new Rescale(1 << 20, 30), INT16),
                value,
                builder.constant(TestGraphs.tensor(random, TensorType.INT16, Shape.of(4), -9, 9)),
                builder.constant(TestGraphs.tensor(random, TensorType.INT32, Shape.of(4), -9, 9)));
        value = builder.node(
                new WideSoftmax(false, 999, INT16),
                value,
                builder.constant(TestGraphs.tensor(random, TensorType.INT16, Shape.of(256), 1, 999)),
                builder.constant(TestGraphs.tensor(random, TensorType.INT16, Shape.of(256), 1, 999)));
        value = builder.node(
                new Interpolate(new Rescale(1 << 20, 30), INT16),
                value,
                builder.constant(TestGraphs.tensor(random, TensorType.INT16, Shape.of(Interpolate.POINTS), -99, 99)));
        value = builder.node(new Slice(2, 0, 2, 2), value);
        value = builder.node(new Mean(1, false, 0, Rescale.IDENTITY, INT8), value);
        builder.output(value, Scale.ONE, 0);
        return builder.build();
    }

    @Test
    void mutatedFilesEndInTheCheckedException() {
        Seeds.each(3_000, this::mutate);
    }

    @Test
    @Tag("long")
    void manyMoreMutatedFilesDoToo() {
        Seeds.each(500_000, this::mutate);
    }

    private void mutate(RandomGenerator random) throws Exception {
        byte[] file = files.get(random.nextInt(files.size())).clone();
        for (int i = 0, count = random.nextInt(1, 5); i < count; i++) {
            file = change(file, random);
        }
        if (random.nextInt(8) != 0) {
            file = whole(file);
        }
        Optional<Model> accepted = load(file);
        if (accepted.isPresent()) {
            assertThat(ModelWriter.write(accepted.get().graph())).isEqualTo(file);
            run(accepted.get(), random);
        }
    }

    private static byte[] change(byte[] file, RandomGenerator random) {
        int section = Math.min(file.length, 64 + Math.max(1, sectionLength(file)));
        int at = random.nextInt(section);
        return switch (random.nextInt(7)) {
            case 0 -> with(file, at, (byte) random.nextInt());
            case 1 -> with(file, at, (byte) (file[at] ^ (1 << random.nextInt(8))));
            case 2 -> {
                int[] extremes = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0, 1, 1 << 29, 65_536, 4_096, 64};
                ByteBuffer.wrap(file).putInt(Math.min(at, file.length - 4), extremes[random.nextInt(extremes.length)]);
                yield file;
            }
            case 3 -> {
                int[] counts = {GRAPH_SECTION_LENGTH, 44, 48, CONSTANT_COUNT, NODE_COUNT};
                ByteBuffer buffer = ByteBuffer.wrap(file);
                int field = counts[random.nextInt(counts.length)];
                yield field + 4 > file.length ? file : put(buffer, field, buffer.getInt(field) + random.nextInt(-2, 3));
            }
            case 4 -> spliced(file, at, random.nextInt(1, 40), 0);
            case 5 -> spliced(file, at, 0, random.nextInt(1, 40));
            default -> {
                int from = random.nextInt(section);
                int length = Math.min(random.nextInt(1, 40), file.length - Math.max(from, at));
                System.arraycopy(file.clone(), from, file, at, Math.max(0, length));
                yield file;
            }
        };
    }

    private static int sectionLength(byte[] file) {
        return file.length < 64
                ? 0
                : Math.clamp(ByteBuffer.wrap(file).getInt(GRAPH_SECTION_LENGTH), 0, file.length - 64);
    }

    private static byte[] with(byte[] file, int at, byte value) {
        file[at] = value;
        return file;
    }

    private static byte[] put(ByteBuffer buffer, int at, int value) {
        buffer.putInt(at, value);
        return buffer.array();
    }

    /** Takes bytes out at a place and repeats others there; the length of the graph section follows. */
    private static byte[] spliced(byte[] file, int at, int removed, int repeated) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(file, 0, at);
        out.write(file, Math.max(0, at - repeated), Math.min(repeated, at));
        int rest = Math.min(file.length, at + removed);
        out.write(file, rest, file.length - rest);
        byte[] changed = out.toByteArray();
        if (changed.length >= 64) {
            int section = ByteBuffer.wrap(file.length >= 64 ? file : changed).getInt(GRAPH_SECTION_LENGTH);
            put(ByteBuffer.wrap(changed), GRAPH_SECTION_LENGTH, section + changed.length - file.length);
        }
        return changed;
    }

    /** A file whose stated length, padding and checksum hold, so that its content is what is looked at. */
    private static byte[] whole(byte[] file) {
        byte[] padded = file.length < 64 ? Arrays.copyOf(file, 128) : file;
        ByteBuffer.wrap(padded).putLong(32, padded.length);
        ModelFormat.seal(padded);
        return padded;
    }

    /** The model, if it is accepted; the bounds hold either way. */
    private Optional<Model> load(byte[] file) {
        long nanos = threads.getCurrentThreadCpuTime();
        long bytes = threads.getCurrentThreadAllocatedBytes();
        Optional<Model> model = Optional.empty();
        try {
            model = Optional.of(Model.load(file, LIMITS));
        } catch (MalformedModelException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
        assertThat(threads.getCurrentThreadCpuTime() - nanos).isLessThan(MAX_NANOS);
        assertThat(threads.getCurrentThreadAllocatedBytes() - bytes).isLessThan(FREE_BYTES + TIMES_FILE * file.length);
        return model;
    }

    /** What was accepted runs: the checker's proofs hold for it. */
    private static void run(Model model, RandomGenerator random) {
        ModelFacts facts = model.facts();
        if (facts.macs() + facts.depthwiseMacs() + facts.elements() > 1 << 20) {
            return;
        }
        ByteArrayOutputStream sample = new ByteArrayOutputStream();
        for (GraphInput input : model.graph().inputs()) {
            sample.writeBytes(TestGraphs.tensor(random, input.type(), input.shape(), input.lo(), input.hi())
                    .data());
        }
        assertThat(new InferenceEngine(new ReferenceBackend(), 0).run(model, sample.toByteArray()))
                .hasSize(1);
    }

    @Test
    void countsThatLieCostNothing() {
        for (int field : new int[] {GRAPH_SECTION_LENGTH, CONSTANT_COUNT, NODE_COUNT}) {
            for (int count : new int[] {1 << 15, 4_096, Integer.MAX_VALUE, -1}) {
                byte[] file = files.get(0).clone();
                ByteBuffer.wrap(file).putInt(field, count);
                assertThat(load(whole(file))).isEmpty();
            }
        }
    }

    @Test
    void theLargestShapesAreRefusedBeforeAnythingIsMade() {
        Shape largest = Shape.of(1, 1 << 29);
        for (TensorType type : TensorType.values()) {
            GraphBuilder builder = new GraphBuilder(TestGraphs.AUTHOR, 1);
            int value = builder.input(new GraphInput(type, largest, -1, 1, Scale.ONE, 0));
            for (int i = 0; i < 50; i++) {
                value = builder.node(new Clamp(-1, 1), value);
            }
            builder.output(value, Scale.ONE, 0);
            assertThat(load(write(builder.build()))).isEmpty();
        }
    }

    @Test
    void theMostStepsWithTheMostOperandsAreCheckedInTime() {
        GraphBuilder builder = new GraphBuilder(TestGraphs.AUTHOR, 1);
        int value = builder.input(new GraphInput(TensorType.INT8, Shape.of(1, 1), -128, 127, Scale.ONE, 0));
        List<Scaled> parts = Collections.nCopies(Concatenate.MAX_OPERANDS, new Scaled(0, new Rescale(1 << 30, 31)));
        for (int i = 0; i < Graph.MAX_STEPS; i++) {
            int[] operands = new int[Concatenate.MAX_OPERANDS];
            Arrays.fill(operands, value);
            value = i % 2 == 0
                    ? builder.node(new Concatenate(1, parts, INT8), operands)
                    : builder.node(new Slice(1, 0, 1, 1), value);
        }
        builder.output(value, Scale.ONE, 0);
        assertThat(load(write(builder.build()))).isPresent();
    }

    @Test
    void theMostConstantsAreCheckedInTime() {
        GraphBuilder builder = new GraphBuilder(TestGraphs.AUTHOR, 1);
        int value = builder.input(new GraphInput(TensorType.INT8, Shape.of(1, 1), -128, 127, Scale.ONE, 0));
        int used = 0;
        while (used < Graph.MAX_CONSTANTS) {
            int count = Math.min(Concatenate.MAX_OPERANDS - 1, Graph.MAX_CONSTANTS - used);
            int[] operands = new int[count + 1];
            operands[0] = value;
            for (int i = 1; i <= count; i++) {
                operands[i] = builder.constant(Tensor.zeros(TensorType.INT8, Shape.of(1, 1)));
            }
            used += count;
            int joined = builder.node(
                    new Concatenate(1, Collections.nCopies(count + 1, new Scaled(0, new Rescale(1 << 30, 31))), INT8),
                    operands);
            value = builder.node(new Slice(1, 0, 1, 1), joined);
        }
        builder.output(value, Scale.ONE, 0);
        assertThat(load(write(builder.build()))).isPresent();
    }

    @Test
    void weightsThatEveryStepReadsWithABiasOfItsOwnAreReadOnce() {
        int width = 1_000;
        GraphBuilder builder = new GraphBuilder(TestGraphs.AUTHOR, 1);
        int value = builder.input(new GraphInput(TensorType.INT8, Shape.of(1, width), -128, 127, Scale.ONE, 0));
        int weights = builder.constant(Tensor.zeros(TensorType.INT8, Shape.of(width, width)));
        int multipliers = builder.constant(Tensor.zeros(TensorType.INT32, Shape.of(width)));
        byte[] ones = new byte[width];
        Arrays.fill(ones, (byte) 1);
        int shifts = builder.constant(Tensor.wrap(TensorType.INT8, Shape.of(width), ones));
        int steps = (int) Math.min(Graph.MAX_STEPS, LIMITS.maxMacs() / width / width);
        List<Integer> biases = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            biases.add(builder.constant(Tensor.zeros(TensorType.INT32, Shape.of(width))));
        }
        for (int i = 0; i < steps; i++) {
            value = builder.node(new Dense(i % 100, INT8), value, weights, biases.get(i % 16), multipliers, shifts);
        }
        builder.output(value, Scale.ONE, 0);
        assertThat(load(write(builder.build()))).isPresent();
    }

    @Test
    void aMillionChannelsAreCheckedInTime() {
        int channels = 1_000_000;
        GraphBuilder builder = new GraphBuilder(TestGraphs.AUTHOR, 1);
        int input = builder.input(new GraphInput(TensorType.INT8, Shape.of(1, 1), -128, 127, Scale.ONE, 0));
        int weights = builder.constant(Tensor.zeros(TensorType.INT8, Shape.of(channels, 1)));
        int bias = builder.constant(Tensor.zeros(TensorType.INT32, Shape.of(channels)));
        int multipliers = builder.constant(Tensor.zeros(TensorType.INT32, Shape.of(channels)));
        byte[] ones = new byte[channels];
        Arrays.fill(ones, (byte) 1);
        int shifts = builder.constant(Tensor.wrap(TensorType.INT8, Shape.of(channels), ones));
        Add add = new Add(new Add.Term(0, 1), new Add.Term(0, 1), 1, INT8);
        int value = builder.node(new Dense(0, INT8), input, weights, bias, multipliers, shifts);
        for (int i = 1; i < 4; i++) {
            int next = builder.node(new Dense(i, INT8), input, weights, bias, multipliers, shifts);
            value = builder.node(add, value, next);
        }
        builder.output(builder.node(new Slice(1, 0, 1, 1), value), Scale.ONE, 0);
        assertThat(load(write(builder.build()))).isPresent();
    }

    @Test
    void aFileBeyondTheLimitIsNotRead() {
        InferenceConfig.Limits small =
                new InferenceConfig.Limits(1_000, 1 << 20, 10, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 16);
        byte[] file = new byte[1 << 20];
        long bytes = threads.getCurrentThreadAllocatedBytes();
        assertThatExceptionOfType(MalformedModelException.class).isThrownBy(() -> Model.load(file, small));
        assertThat(threads.getCurrentThreadAllocatedBytes() - bytes).isLessThan(1 << 20);
    }

    @Test
    void aGraphOfReshapesOnlyIsBoundedByHashedBytes() {
        GraphBuilder builder = new GraphBuilder(TestGraphs.AUTHOR, 1);
        int value = builder.input(new GraphInput(TensorType.INT8, Shape.of(1, 1 << 20), -128, 127, Scale.ONE, 0));
        for (int i = 0; i < 1_000; i++) {
            value = builder.node(new Reshape(i % 2 == 0 ? Shape.of(1, 1_024, 1_024) : Shape.of(1, 1 << 20)), value);
        }
        builder.output(value, Scale.ONE, 0);
        assertThat(load(write(builder.build()))).isEmpty();
    }
}
