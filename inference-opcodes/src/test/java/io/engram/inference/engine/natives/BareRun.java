package io.engram.inference.engine.natives;

import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The kernels of a model over memory of their own, without commitments: neither input nor results move. One thread. */
public final class BareRun {

    private static final long HASHED = 2 * Long.BYTES;

    private final NativeBackend backend;
    private final Plan plan;
    private final MemorySegment memory;

    /** @param input stays in place for all runs of a model of one step, or one that does not use its place again */
    public BareRun(Model model, NativeOptions options, Tensor input) {
        backend = new NativeBackend(new ReferenceBackend(), options);
        plan = new Planner(model, backend).plan(Arena.ofAuto());
        memory = Arena.ofAuto().allocate(plan.arenaBytes(), Constants.ALIGNMENT);
        Scope.copyIn(backend.kernels(), input, memory.asSlice(plan.places()[0], input.byteLength()));
        memory.set(ValueLayout.JAVA_LONG, HASHED, Long.MAX_VALUE);
    }

    public void run() {
        long outcome = backend.kernels()
                .run(
                        backend.tier(),
                        backend.hasher(),
                        plan.steps(),
                        0,
                        plan.stepCount(),
                        memory,
                        plan.constants(),
                        memory,
                        Role.COMPUTE,
                        0,
                        1);
        if (outcome != 0) {
            throw new IllegalStateException("the run ended with " + outcome);
        }
    }
}
