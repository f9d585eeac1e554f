package io.engram.inference.engine.cuda;

import io.engram.inference.engine.UnsupportedModelException;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What lowering a node to launches works on: where values lie, and the lists that it adds to. */
final class Scope {

    /** A record starts at a multiple. */
    private static final long RECORD_ALIGNMENT = 16;

    final Model model;
    final int multiprocessors;
    final Constants constants = new Constants();
    final Places arena = new Places();
    final int[] places;

    /** The node at hand. */
    int node = -1;

    private final List<Launch> launches = new ArrayList<>();
    private final List<int[]> records = new ArrayList<>();
    private final Map<Integer, Integer> stored = new HashMap<>();
    private long recordBytes;

    /** @param multiprocessors of the device: with too few blocks for them, smaller blocks are chosen */
    Scope(Model model, int multiprocessors) {
        this.model = model;
        this.multiprocessors = multiprocessors;
        this.places = new int[model.graph().values()];
    }

    Graph graph() {
        return model.graph();
    }

    List<Integer> operands() {
        return graph().nodes().get(node).inputs();
    }

    Value operand(int index) {
        return model.value(operands().get(index));
    }

    Shape shape(int index) {
        return operand(index).shape();
    }

    /** Where an operand lies. */
    int place(int index) {
        int number = operands().get(index);
        if (!graph().isConstant(number)) {
            return places[number];
        }
        return stored.computeIfAbsent(number, constant -> constants.add(graph().constant(constant)));
    }

    /** The elements of a constant operand. */
    int[] constant(int index) {
        return operand(index).constant().orElseThrow().toArray();
    }

    Value result() {
        return model.value(graph().valueOf(node));
    }

    /** Where the result goes. */
    int resultPlace() {
        return places[graph().valueOf(node)];
    }

    /** Enough blocks for so many threads. */
    void launch(Kernel kernel, long threads, Fields fields) {
        launchBlocks(kernel, Math.ceilDiv(threads, kernel.threads()), fields);
    }

    /** A warp for each of so many rows or elements. */
    void launchWarps(Kernel kernel, long warps, Fields fields) {
        launch(kernel, warps * Kernel.WARP, fields);
    }

    void launchBlocks(Kernel kernel, long blocks, Fields fields) {
        if (blocks * kernel.threads() > Integer.MAX_VALUE) {
            throw new UnsupportedModelException("a step of more threads than kernels can number");
        }
        int[] record = fields.toArray();
        if (record.length != kernel.fields()) {
            throw new IllegalStateException(record.length + " fields for " + kernel);
        }
        launches.add(new Launch(kernel, (int) blocks, recordBytes));
        records.add(record);
        long bytes = (long) record.length * Integer.BYTES;
        recordBytes = (recordBytes + bytes + RECORD_ALIGNMENT - 1) & -RECORD_ALIGNMENT;
    }

    /** Those since the last call. */
    List<Launch> takeLaunches() {
        List<Launch> taken = List.copyOf(launches);
        launches.clear();
        return taken;
    }

    MemorySegment writeRecords(Arena memory) {
        MemorySegment segment = memory.allocate(Math.max(recordBytes, RECORD_ALIGNMENT), RECORD_ALIGNMENT);
        long offset = 0;
        for (int[] record : records) {
            MemorySegment.copy(record, 0, segment, ValueLayout.JAVA_INT, offset, record.length);
            offset = (offset + (long) record.length * Integer.BYTES + RECORD_ALIGNMENT - 1) & -RECORD_ALIGNMENT;
        }
        return segment;
    }
}
