package io.engram.inference.engine.natives;

import io.engram.evm.LocalFaultException;
import io.engram.genesis.Hash;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.ModelRun;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A model as a plan of native steps; what the library does not know another back end computes. */
final class NativeProgram implements ModelProgram {

    /** Other threads help from a run of so many steps that are worth splitting on. */
    private static final long WORTH_HELP = 4;

    private static final ValueLayout.OfLong COUNTER = ValueLayout.JAVA_LONG;
    private static final long HASHED = 2 * Long.BYTES;
    private static final long STOPPED = 3 * Long.BYTES;
    private static final int FINISHED = 0;
    private static final int GIVEN_UP = 1;

    private final Model model;
    private final Graph graph;
    private final NativeBackend backend;
    private final Backend other;
    private final Plan plan;
    private Optional<ModelProgram> fallback = Optional.empty();

    NativeProgram(Model model, NativeBackend backend, Backend other) {
        this.model = model;
        this.graph = model.graph();
        this.backend = backend;
        this.other = other;
        this.plan = new Planner(model, backend).plan(Arena.ofAuto());
        if (plan.nodes().stream().anyMatch(span -> !span.isNative())) {
            fallback();
        }
    }

    private synchronized ModelProgram fallback() {
        if (fallback.isEmpty()) {
            fallback = Optional.of(other.prepare(model));
        }
        return fallback.get();
    }

    @Override
    public synchronized long bytes() {
        return plan.heldBytes() + fallback.map(ModelProgram::bytes).orElse(0L);
    }

    @Override
    public Tensor step(int index, List<Tensor> inputs) {
        Plan.Span span = plan.nodes().get(index);
        Value result = model.value(graph.valueOf(index));
        if (graph.nodes().get(index).operator() instanceof Reshape) {
            return inputs.getFirst().reshaped(result.shape());
        }
        if (!span.isNative() || sharesMemory(index)) {
            return fallback().step(index, inputs);
        }
        return inArena(arena -> {
            List<Integer> operands = graph.nodes().get(index).inputs();
            for (int i = 0; i < operands.size(); i++) {
                if (!graph.isConstant(operands.get(i))) {
                    Scope.copyIn(backend.kernels(), inputs.get(i), at(arena, operands.get(i)));
                }
            }
            call(arena, new Plan.Call(-1, span.from(), span.to()), new Duty(Role.ALONE, 0, 1, false));
            return Scope.copyOut(backend.kernels(), result, at(arena, graph.valueOf(index)));
        });
    }

    /** Whether two operands are one value under two shapes: whoever gives them may give different ones. */
    private boolean sharesMemory(int index) {
        Set<Integer> values = new HashSet<>();
        Set<Long> places = new HashSet<>();
        for (int operand : graph.nodes().get(index).inputs()) {
            if (!graph.isConstant(operand) && values.add(operand) && !places.add(plan.places()[operand])) {
                return true;
            }
        }
        return false;
    }

    @Override
    public ModelRun run(List<Tensor> inputs, boolean commit, Cancellation cancellation) {
        return inArena(arena -> {
            for (int i = 0; i < inputs.size(); i++) {
                Scope.copyIn(backend.kernels(), inputs.get(i), at(arena, i));
            }
            compute(arena, commit, cancellation);
            List<Tensor> outputs = graph.outputs().stream()
                    .map(output ->
                            Scope.copyOut(backend.kernels(), model.value(output.value()), at(arena, output.value())))
                    .toList();
            return new ModelRun(outputs, commit ? roots(arena) : List.of());
        });
    }

    /**
     * What one thread of a run does.
     *
     * @param role with the steps of the plan
     * @param member 0 leads
     * @param members that split a step
     * @param hashes whether it shares in hashing what is left when it is through
     */
    private record Duty(Role role, int member, int members, boolean hashes) {

        Duty hashing() {
            return new Duty(Role.HASH, member, members, true);
        }
    }

    private void compute(MemorySegment arena, boolean commit, Cancellation cancellation) {
        NativeOptions options = backend.options();
        boolean helped = plan.work() >= WORTH_HELP * options.splitWork()
                && backend.team().reserve();
        boolean apart = helped && commit && options.hashThread();
        Role role = commit && !apart ? Role.ALONE : Role.COMPUTE;
        if (!commit) {
            arena.set(COUNTER, HASHED, Long.MAX_VALUE);
        }
        int members = helped ? options.threads() : 1;
        List<Runnable> work = new ArrayList<>();
        for (int member = 1; member < members; member++) {
            Duty duty = new Duty(role, member, members, apart);
            work.add(() -> follow(arena, duty));
        }
        if (apart) {
            work.add(() -> follow(arena, new Duty(Role.HASH, members, members, true)));
        }
        try {
            if (helped) {
                backend.kernels().lead(arena);
            }
            List<Team.Task> tasks = helped ? backend.team().start(work) : List.of();
            boolean done = false;
            try {
                lead(arena, new Duty(role, 0, members, apart), cancellation);
                done = true;
            } finally {
                if (!done) {
                    stop(arena);
                }
                Team.join(tasks);
            }
        } finally {
            if (helped) {
                backend.team().release();
            }
        }
    }

    private void lead(MemorySegment arena, Duty duty, Cancellation cancellation) {
        boolean going = true;
        for (Plan.Call call : plan.calls()) {
            cancellation.check();
            if (call.node() >= 0) {
                elsewhere(arena, call.node());
            }
            going = going && call(arena, call, duty);
        }
        if (duty.hashes()) {
            going = going && hash(arena, duty);
        }
        if (!going) {
            throw new IllegalStateException("a helper gave up");
        }
    }

    private void follow(MemorySegment arena, Duty duty) {
        boolean done = false;
        try {
            boolean going = true;
            if (duty.role() != Role.HASH) {
                for (Plan.Call call : plan.calls()) {
                    going = going && call(arena, call, duty);
                }
            }
            if (going && duty.hashes()) {
                hash(arena, duty);
            }
            done = true;
        } finally {
            if (!done) {
                stop(arena);
            }
        }
    }

    private boolean hash(MemorySegment arena, Duty duty) {
        return call(arena, new Plan.Call(-1, 0, plan.stepCount()), duty.hashing());
    }

    private static void stop(MemorySegment arena) {
        COUNTER.varHandle().setVolatile(arena, STOPPED, 1L);
    }

    /** A node that the other back end computes, from the arena and back to it. */
    private void elsewhere(MemorySegment arena, int index) {
        List<Tensor> operands = graph.nodes().get(index).inputs().stream()
                .map(number -> graph.isConstant(number)
                        ? graph.constant(number)
                        : Scope.copyOut(backend.kernels(), model.value(number), at(arena, number)))
                .toList();
        Tensor result = fallback().step(index, operands);
        Scope.copyIn(backend.kernels(), result, at(arena, graph.valueOf(index)));
    }

    /** @return false when another thread has given the run up */
    private boolean call(MemorySegment arena, Plan.Call call, Duty duty) {
        long outcome = backend.kernels()
                .run(
                        backend.tier(),
                        backend.hasher(),
                        plan.steps(),
                        call.from(),
                        call.to(),
                        arena,
                        plan.constants(),
                        arena,
                        duty.role(),
                        duty.member(),
                        duty.members());
        if (outcome != FINISHED && outcome != GIVEN_UP) {
            throw new IllegalStateException("the library does not know a step of its own plan");
        }
        return outcome == FINISHED;
    }

    private List<Hash> roots(MemorySegment arena) {
        byte[] all = new byte[Hash.SIZE * graph.nodes().size()];
        MemorySegment.copy(arena, ValueLayout.JAVA_BYTE, Plan.ROOTS, all, 0, all.length);
        List<Hash> roots = new ArrayList<>(graph.nodes().size());
        for (int i = 0; i < graph.nodes().size(); i++) {
            roots.add(Hash.read(all, Hash.SIZE * i));
        }
        return roots;
    }

    private MemorySegment at(MemorySegment arena, int value) {
        return arena.asSlice(plan.places()[value], model.value(value).bytes());
    }

    private interface Work<T> {
        T with(MemorySegment arena);
    }

    private <T> T inArena(Work<T> work) {
        ArenaPool.Block block;
        try {
            block = backend.pool().take(plan.arenaBytes());
        } catch (OutOfMemoryError e) {
            throw new LocalFaultException("no memory for a native run of " + model, e);
        }
        try {
            block.segment().asSlice(0, Plan.headBytes(graph.nodes().size())).fill((byte) 0);
            return work.with(block.segment());
        } finally {
            backend.pool().giveBack(block);
        }
    }
}
