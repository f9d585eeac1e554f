package io.engram.inference.engine.cuda;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.TestGraphs;
import io.engram.inference.bench.GraphSketch;
import io.engram.inference.bench.Networks;
import io.engram.inference.model.Model;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.quantize.ImportProgress;
import io.engram.inference.tensor.TensorType;
import io.engram.inference.transformer.Pooling;
import io.engram.inference.transformer.Precision;
import io.engram.inference.transformer.SequenceImporter;
import io.engram.inference.transformer.SequenceOptions;
import io.engram.inference.transformer.TokenSamples;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Prints what a run of a network should take at least, kernel by kernel: the tables of docs/benchmarks.md. A launch takes
 * the longest of: its operations at the rate of the units it uses, its bytes at the rate of memory, what waits for one
 * another in it (steps of a product, blocks of a hash), and the overhead of a launch.
 */
public final class Roofline {

    /** A card: clock, and rates of the whole device a second. */
    private enum Card {
        H100(132, 1.755e9, 1979e12 / 2, 3.35e12),
        RTX_4090(128, 2.52e9, 660e12 / 2, 1.008e12);

        /** Lanes of a multiprocessor for integers; each does a product of four bytes. */
        private static final int LANES = 64;

        private final int multiprocessors;
        private final double clock;
        private final double tensorMacs;
        private final double bytes;

        Card(int multiprocessors, double clock, double tensorMacs, double bytes) {
            this.multiprocessors = multiprocessors;
            this.clock = clock;
            this.tensorMacs = tensorMacs;
            this.bytes = bytes;
        }

        private double integers() {
            return multiprocessors * LANES * clock;
        }

        private double vectorMacs() {
            return 4 * integers();
        }
    }

    private static final double LAUNCH_SECONDS = 2.5e-6;

    /** Of a step of a product, 32 bytes of a row: words from the second-level cache, two barriers. */
    private static final int STEP_CYCLES = 400;

    /** 32-bit operations of a compression of SHA-256, and of what an element of other kernels takes. */
    private static final int COMPRESSION = 2300;

    private static final int ELEMENT = 60;

    /** Compressions of a chunk of 4096 bytes, and cycles of one that waits for the one before: 64 rounds of 26. */
    private static final int BLOCKS = 65;

    private static final int COMPRESSION_CYCLES = 64 * 26;

    private record Cost(int launches, double macs, double operations, double bytes, double seconds) {
        Cost plus(Cost other) {
            return new Cost(
                    launches + other.launches,
                    macs + other.macs,
                    operations + other.operations,
                    bytes + other.bytes,
                    seconds + other.seconds);
        }
    }

    private Roofline() {}

    public static void main(String[] arguments) throws Exception {
        for (Networks network : new Networks[] {Networks.RESNET_18, Networks.MOBILENET_V2}) {
            print(network.title(), GraphSketch.model(network));
        }
        print("MiniLM, 32 tokens, int8", miniLm());
    }

    /** The network of docs/benchmarks.md; samples do not matter to its shapes. */
    private static Model miniLm() throws IOException, OnnxException, MalformedModelException {
        try (InputStream in = Roofline.class.getResourceAsStream("/all-minilm-l6-v2-q.onnx")) {
            byte[] onnx = Objects.requireNonNull(in).readAllBytes();
            List<int[]> tokens = List.of(new int[] {101, 7592, 2088, 102});
            Map<String, List<int[]>> rows = new LinkedHashMap<>();
            rows.put("input_ids", tokens);
            rows.put("attention_mask", List.of(new int[] {1, 1, 1, 1}));
            rows.put("token_type_ids", List.of(new int[4]));
            SequenceOptions options = new SequenceOptions(
                    32, Pooling.MEAN, Precision.INT8, TensorType.INT8, 1, 0, InferenceConfig.Limits.DEFAULT);
            return SequenceImporter.importOnnx(
                            onnx, new TokenSamples(rows), TestGraphs.AUTHOR, options, ImportProgress.SILENT)
                    .model();
        }
    }

    private static void print(String title, Model model) {
        Map<Kernel, Cost> first = costs(model, Card.H100);
        Map<Kernel, Cost> second = costs(model, Card.RTX_4090);
        System.out.printf("%n%s%n", title);
        System.out.println("| kernel | launches | M products | M other operations | MB | H100 µs | RTX 4090 µs |");
        System.out.println("|---|---|---|---|---|---|---|");
        first.forEach(
                (kernel, cost) -> print(kernel.entry(), cost, second.getOrDefault(kernel, new Cost(0, 0, 0, 0, 0))));
        print("all", sum(first), sum(second));
    }

    private static Cost sum(Map<Kernel, Cost> costs) {
        return costs.values().stream().reduce(Cost::plus).orElseThrow();
    }

    private static Map<Kernel, Cost> costs(Model model, Card card) {
        Plan plan = new Planner(model, card.multiprocessors).plan(Arena.ofAuto());
        List<Launch> launches = new ArrayList<>(plan.launches());
        launches.addAll(plan.hashes());
        Map<Kernel, Cost> costs = new EnumMap<>(Kernel.class);
        for (Launch launch : launches) {
            costs.merge(launch.kernel(), cost(plan, launch, card), Cost::plus);
        }
        return costs;
    }

    private static void print(String name, Cost cost, Cost other) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %.0f | %.0f | %.1f | %.0f | %.0f |%n",
                name,
                cost.launches,
                cost.macs / 1e6,
                cost.operations / 1e6,
                cost.bytes / 1e6,
                cost.seconds * 1e6,
                other.seconds * 1e6);
    }

    private static Cost cost(Plan plan, Launch launch, Card card) {
        double threads = (double) launch.blocks() * launch.kernel().threads();
        double macs = 0;
        double operations;
        double bytes;
        double seconds;
        switch (launch.kernel()) {
            case GEMM64, GEMM32, GEMV -> {
                double rows = field(plan, launch, 10);
                double columns = field(plan, launch, 11);
                double words = field(plan, launch, 12);
                double count = field(plan, launch, 29);
                double read = field(plan, launch, 13) * field(plan, launch, 14) * field(plan, launch, 15);
                macs = count * rows * columns * words * 4;
                operations = count * rows * columns * ELEMENT;
                bytes = read + count * columns * words * 4 + count * rows * columns * field(plan, launch, 36);
                boolean few = launch.kernel() == Kernel.GEMV;
                double steps = words / (few ? Kernel.WARP : 8);
                seconds =
                        Math.max(macs / (few ? card.vectorMacs() : card.tensorMacs), steps * STEP_CYCLES / card.clock);
            }
            case WIDE -> {
                double rows = field(plan, launch, 12);
                double columns = field(plan, launch, 13);
                double inner = field(plan, launch, 14);
                double count = field(plan, launch, 17);
                macs = count * rows * columns * inner;
                // A product of 64 bits takes about four instructions.
                operations = 4 * macs;
                bytes = count * inner * (rows * field(plan, launch, 6) + columns * field(plan, launch, 7));
                seconds = inner / 8 * STEP_CYCLES / card.clock;
            }
            case DEPTHWISE, MAX_POOL, AVERAGE_POOL -> {
                double results = (double) field(plan, launch, 5) * field(plan, launch, 6) * field(plan, launch, 4);
                double cells = (double) field(plan, launch, 7) * field(plan, launch, 8);
                macs = launch.kernel() == Kernel.DEPTHWISE ? results * cells : 0;
                // Two loads, their addresses and a product for each cell.
                operations = results * (cells * 10 + ELEMENT);
                bytes = (double) field(plan, launch, 2) * field(plan, launch, 3) * field(plan, launch, 4) + results;
                seconds = 0;
            }
            case HASH_LEAVES -> {
                double compressions = (double) BLOCKS * field(plan, launch, 4);
                operations = compressions * COMPRESSION;
                bytes = compressions * 64;
                // A chunk's blocks come one after another.
                seconds = BLOCKS * COMPRESSION_CYCLES / card.clock;
            }
            case HASH_TREES -> {
                operations = 0;
                bytes = 0;
                // Two for a node, in as many levels as the largest tree has.
                seconds = 2 * COMPRESSION_CYCLES / card.clock * levels(largestTree(plan, launch));
            }
            case HASH_ROOTS -> {
                operations = 0;
                bytes = 0;
                seconds = 2 * COMPRESSION_CYCLES / card.clock;
            }
            default -> {
                operations = threads * ELEMENT;
                bytes = threads * 2;
                seconds = 0;
            }
        }
        double slowest = Math.max(seconds, Math.max(operations / card.integers(), bytes / card.bytes));
        return new Cost(1, macs, operations, bytes, Math.max(slowest, LAUNCH_SECONDS));
    }

    private static int levels(int leaves) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(leaves - 1);
    }

    /** Leaves of the largest tensor, found in the tensors' records. */
    private static int largestTree(Plan plan, Launch launch) {
        long tensors = 16L * ~field(plan, launch, 0);
        int largest = 1;
        for (int i = 0; i < field(plan, launch, 3); i++) {
            largest = Math.max(largest, plan.constants().get(ValueLayout.JAVA_INT, tensors + 16L * i + 4));
        }
        return Math.ceilDiv(largest, 4096);
    }

    private static int field(Plan plan, Launch launch, int index) {
        MemorySegment records = plan.records();
        return records.get(ValueLayout.JAVA_INT, launch.record() + 4L * index);
    }
}
