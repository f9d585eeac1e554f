package io.engram.inference.engine.natives;

import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What lowering a node to native steps works on: where values are kept, and the lists that it adds to. */
final class Scope {

    final Model model;
    final Kernels kernels;
    final int tier;
    final Constants constants = new Constants();
    final StepList steps = new StepList();
    final MemoryPlan memory;

    /** The node at hand. */
    int node = -1;

    private final List<Optional<MemoryPlan.Buffer>> buffers = new ArrayList<>();
    private final Map<Integer, Long> stored = new HashMap<>();
    private final int[] lastUse;

    private final long splitWork;

    Scope(Model model, NativeBackend backend, MemoryPlan memory, int[] lastUse) {
        this.model = model;
        this.kernels = backend.kernels();
        this.tier = backend.tier();
        this.splitWork = backend.options().splitWork();
        this.memory = memory;
        this.lastUse = lastUse;
        for (int i = 0; i < model.graph().values(); i++) {
            buffers.add(Optional.empty());
        }
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

    /** Where an operand lies. */
    LongSupplier place(int index) {
        int number = operands().get(index);
        if (graph().isConstant(number)) {
            long place = stored.computeIfAbsent(number, this::store);
            return () -> place;
        }
        return buffer(number)::offset;
    }

    MemoryPlan.Buffer buffer(int value) {
        return buffers.get(value).orElseThrow();
    }

    Value result() {
        return model.value(graph().valueOf(node));
    }

    /** Where the result goes. */
    LongSupplier resultPlace() {
        return buffer(graph().valueOf(node))::offset;
    }

    /** Room for a value that node {@code first} makes. */
    void allocate(int value, int first) {
        buffers.set(value, Optional.of(memory.add(model.value(value).bytes(), first, lastUse[value])));
    }

    /** The result is the operand under another shape. */
    void alias(int value, int operand) {
        MemoryPlan.Buffer shared = buffer(operand);
        shared.liveUntil(lastUse[value]);
        buffers.set(value, Optional.of(shared));
    }

    /** Room that only the node at hand uses. */
    MemoryPlan.Buffer temporary(long bytes) {
        return memory.add(bytes, node, node);
    }

    void add(Kind kind, long work, Supplier<Fields> fields) {
        steps.add(kind, work >= splitWork, fields);
    }

    /** A constant in the form in which values are kept. */
    private long store(int number) {
        Tensor tensor = graph().constant(number);
        return constants.add(tensor.byteLength(), target -> copyIn(tensor, target));
    }

    private void copyIn(Tensor tensor, MemorySegment target) {
        copyIn(kernels, tensor, target);
    }

    static void copyIn(Kernels kernels, Tensor tensor, MemorySegment target) {
        MemorySegment data = MemorySegment.ofArray(tensor.data());
        if (tensor.type() == TensorType.INT8) {
            kernels.flip(target, data);
        } else {
            target.copyFrom(data);
        }
    }

    static Tensor copyOut(Kernels kernels, Value value, MemorySegment source) {
        byte[] data = new byte[(int) value.bytes()];
        MemorySegment target = MemorySegment.ofArray(data);
        if (value.type() == TensorType.INT8) {
            kernels.flip(target, source);
        } else {
            target.copyFrom(source);
        }
        return Tensor.wrap(value.type(), value.shape(), data);
    }
}
