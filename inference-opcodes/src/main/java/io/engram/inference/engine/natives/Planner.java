package io.engram.inference.engine.natives;

import io.engram.inference.commitment.Commitments;
import io.engram.inference.engine.Liveness;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Makes the plan of a model for a tier. */
final class Planner {

    private static final int DIGEST = 32;

    /** Work after which a run comes back to Java, to ask whether it is still wanted: about a millisecond. */
    private static final long CALL_WORK = 1 << 28;

    /** Nodes that memory rests for before it is used again when another thread hashes what was there. */
    private static final int HASH_LAG = 8;

    /** Multiply–accumulates that take as long as a byte's share of putting its line out of the caches. */
    private static final long EVICT = 8;

    private final Model model;
    private final Graph graph;
    private final Scope scope;
    private final boolean overlapped;
    private final boolean evicting;
    private final int[] lastUse;
    private final int[] hashEnd;
    private final List<Plan.Span> nodes = new ArrayList<>();

    Planner(Model model, NativeBackend backend) {
        this.model = model;
        this.graph = model.graph();
        this.overlapped = backend.options().hashThread();
        this.evicting = overlapped && backend.kernels().evicts();
        this.lastUse = Liveness.lastUse(graph);
        this.hashEnd = new int[graph.nodes().size()];
        MemoryPlan memory = new MemoryPlan(Plan.headBytes(graph.nodes().size()), overlapped ? HASH_LAG : 0);
        this.scope = new Scope(model, backend, memory, lastUse);
    }

    Plan plan(Arena arena) {
        for (int i = 0; i < graph.inputs().size(); i++) {
            scope.allocate(i, -1);
        }
        for (int i = 0; i < graph.nodes().size(); i++) {
            scope.node = i;
            node(i);
        }
        scope.memory.place();
        if (overlapped) {
            waits();
        }
        MemorySegment steps = arena.allocate(scope.steps.bytes(), Constants.ALIGNMENT);
        scope.steps.write(steps);
        long[] places = new long[graph.values()];
        for (int i = 0; i < places.length; i++) {
            places[i] = graph.isConstant(i) ? 0 : scope.buffer(i).offset();
        }
        return new Plan(
                steps,
                scope.steps.bytes() + scope.constants.bytes(),
                scope.constants.write(arena),
                nodes,
                calls(),
                places,
                scope.memory.bytes() + Constants.SLACK,
                work(0, graph.nodes().size()));
    }

    private void node(int index) {
        int result = graph.valueOf(index);
        int from = scope.steps.size();
        boolean isNative = true;
        Operator operator = graph.nodes().get(index).operator();
        if (operator instanceof Reshape) {
            scope.alias(result, scope.operands().getFirst());
            scope.steps.addNothing();
        } else {
            scope.allocate(result, index);
            if (evicting) {
                evict();
            }
            isNative = Lowering.lower(scope);
            if (!isNative) {
                // One step to wait before another back end writes its result, one to go on after it.
                scope.steps.addNothing();
                scope.steps.addNothing();
            }
        }
        nodes.add(new Plan.Span(from, scope.steps.size(), isNative));
        hash(index);
        hashEnd[index] = scope.steps.size();
    }

    /** The thread that hashed what lies in the result's place has it in its processor's cache. */
    private void evict() {
        LongSupplier out = scope.resultPlace();
        long bytes = scope.result().bytes();
        scope.add(Kind.EVICT, EVICT * bytes, () -> new Fields().add(out.getAsLong(), bytes));
    }

    private void hash(int index) {
        Value value = scope.result();
        byte[] header = Commitments.tensorHeader(value.type(), value.shape(), value.bytes());
        long stored = scope.constants.add(header.length, target -> target.copyFrom(MemorySegment.ofArray(header)));
        long root = Plan.ROOTS + (long) DIGEST * index;
        long top = Plan.tops(graph.nodes().size()) + (long) DIGEST * index;
        long finished = Plan.finished(graph.nodes().size()) + (long) Long.BYTES * index;
        int operand = scope.operands().getFirst();
        if (graph.nodes().get(index).operator() instanceof Reshape && !graph.isInput(operand)) {
            // The same bytes, so the same tree; only the header differs.
            long known = top + (long) DIGEST * (graph.nodeOf(operand) - index);
            scope.steps.add(
                    Kind.HASH_TOP,
                    false,
                    () -> new Fields().add(0, known, top, stored, root, 1, 0, header.length, finished));
            return;
        }
        LongSupplier in = scope.resultPlace();
        long bytes = value.bytes();
        MemoryPlan.Buffer leaves = scope.temporary(Math.ceilDiv(bytes, Commitments.TENSOR_CHUNK) * DIGEST);
        long flipped = value.type() == TensorType.INT8 ? 1 : 0;
        Supplier<Fields> fields = () -> new Fields()
                .add(in.getAsLong(), leaves.offset(), top, stored, root)
                .add(bytes, flipped, header.length, finished);
        scope.add(Kind.HASH_LEAVES, 64 * bytes, fields);
        scope.steps.add(Kind.HASH_TOP, false, fields);
        scope.buffer(graph.valueOf(index)).hashedBefore(scope.steps.size());
        leaves.hashedBefore(scope.steps.size());
    }

    /** A node whose buffers lie where others were waits until those are hashed. */
    private void waits() {
        for (MemoryPlan.Buffer buffer : scope.memory.buffers()) {
            for (MemoryPlan.Buffer earlier : scope.memory.buffers()) {
                if (earlier.first() < buffer.first() && buffer.overlaps(earlier)) {
                    scope.steps.waitFor(nodes.get(buffer.first()).from(), earlier.hashedBefore());
                }
            }
        }
    }

    private List<Plan.Call> calls() {
        List<Plan.Call> calls = new ArrayList<>();
        int from = 0;
        int fallback = -1;
        long work = 0;
        for (int i = 0; i < nodes.size(); i++) {
            Plan.Span span = nodes.get(i);
            if (!span.isNative()) {
                calls.add(new Plan.Call(fallback, from, span.from() + 1));
                from = span.from() + 1;
                fallback = i;
                work = 0;
            }
            work += work(i, i + 1);
            if (work > CALL_WORK) {
                calls.add(new Plan.Call(fallback, from, hashEnd[i]));
                from = hashEnd[i];
                fallback = -1;
                work = 0;
            }
        }
        if (fallback >= 0 || from < scope.steps.size()) {
            calls.add(new Plan.Call(fallback, from, scope.steps.size()));
        }
        return calls;
    }

    /** Multiply–accumulates, or what takes about as long, of some nodes. */
    private long work(int from, int to) {
        long work = 0;
        for (int i = from; i < to; i++) {
            Value result = model.value(graph.valueOf(i));
            List<Integer> operands = graph.nodes().get(i).inputs();
            long each = 16;
            if (operands.size() == 5) {
                Value weights = model.value(operands.get(1));
                each = Math.max(
                        each,
                        weights.shape().elements() / Math.max(1, result.shape().last()));
            } else if (operands.size() == 2) {
                each = Math.max(each, model.value(operands.getFirst()).shape().last());
            }
            work += each * result.shape().elements();
        }
        return work;
    }
}
