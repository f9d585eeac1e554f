package io.engram.inference.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;

/** A stream with the memory that one run at a time uses. The device's thread only. */
final class Lane {

    /** Sizes are rounded up, so that a slightly larger run needs nothing new. */
    private static final long GRAIN = 1 << 20;

    private static final int ARENA = 0;
    private static final int CONSTANTS = 1;

    private final Driver driver;
    private final Budget budget;
    private final Resident resident;
    private final Driver.Stream stream;
    private final Graphs graphs;

    /** The blocks of memory that every kernel takes. */
    private final MemorySegment blocks;

    /** The addresses of a kernel's two parameters. */
    private final MemorySegment parameters;

    private long arena;
    private long arenaBytes;
    private MemorySegment staging = MemorySegment.NULL;
    private Optional<Work<?>> work = Optional.empty();
    private long started;

    Lane(Driver driver, Budget budget, Resident resident, boolean graphs) {
        this.driver = driver;
        this.budget = budget;
        this.resident = resident;
        this.stream = driver.stream();
        this.graphs = new Graphs(driver, stream, graphs);
        this.blocks = Arena.global().allocate(ValueLayout.JAVA_LONG, 2);
        this.parameters = Arena.global().allocate(ValueLayout.JAVA_LONG, 2);
    }

    boolean isFree() {
        return work.isEmpty();
    }

    /** Gives the device all of it; returns before it is done. */
    void start(Work<?> next, Map<Kernel, Driver.Function> functions) {
        work = Optional.of(next);
        started = System.nanoTime();
        long constants = resident.use(next.program(), stream);
        reserve(next);
        blocks.setAtIndex(ValueLayout.JAVA_LONG, ARENA, arena);
        blocks.setAtIndex(ValueLayout.JAVA_LONG, CONSTANTS, constants);
        parameters.setAtIndex(ValueLayout.JAVA_LONG, 0, blocks.address());
        long at = Places.align(next.bytes());
        for (Work.Upload upload : next.uploads()) {
            upload.fill(staging.asSlice(at, upload.bytes()));
            at += Places.align(upload.bytes());
        }
        graphs.give(next, new Graphs.Addresses(arena, constants, staging.address()), () -> give(next, functions));
    }

    private void give(Work<?> next, Map<Kernel, Driver.Function> functions) {
        long at = Places.align(next.bytes());
        for (Work.Upload upload : next.uploads()) {
            driver.upload(arena + upload.offset(), staging.asSlice(at, upload.bytes()), stream);
            at += Places.align(upload.bytes());
        }
        for (Launch launch : next.launches()) {
            parameters.setAtIndex(
                    ValueLayout.JAVA_LONG, 1, next.plan().records().address() + launch.record());
            Driver.Function function = functions.get(launch.kernel());
            if (function == null) {
                throw new IllegalStateException("no function for " + launch.kernel());
            }
            driver.launch(function, launch.blocks(), launch.kernel().threads(), parameters, stream);
        }
        driver.download(staging.asSlice(0, next.bytes()), arena + next.from(), stream);
    }

    private void reserve(Work<?> next) {
        long needed = next.plan().arenaBytes();
        if (needed > arenaBytes) {
            if (arenaBytes > 0) {
                budget.free(arena, arenaBytes);
                arenaBytes = 0;
            }
            // Nothing behind the last buffer where the size is not rounded up: see Places.
            long bytes = needed > GRAIN ? (needed + GRAIN - 1) / GRAIN * GRAIN : needed;
            arena = budget.allocate(bytes, resident::drop);
            arenaBytes = bytes;
        }
        if (next.stagingBytes() > staging.byteSize()) {
            // Never freed: the driver may still read it when something went wrong. It is small and grows seldom.
            staging = driver.allocateHost((next.stagingBytes() + GRAIN - 1) / GRAIN * GRAIN);
        }
    }

    /** Nanoseconds that the run has taken so far. */
    long elapsed() {
        return System.nanoTime() - started;
    }

    /** @return whether a run has ended now */
    boolean finish() {
        if (work.isEmpty() || !driver.isDone(stream)) {
            return false;
        }
        Work<?> done = work.get();
        work = Optional.empty();
        resident.release(done.program());
        done.finish(staging.asSlice(0, done.bytes()));
        return true;
    }

    /** The run that will not end. */
    Optional<Work<?>> abandon() {
        Optional<Work<?>> abandoned = work;
        work = Optional.empty();
        return abandoned;
    }
}
