package io.engram.inference.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** What the test device (src/test/cuda-device) lets a test do beside the calls of a driver. */
public final class TestDevice {

    private static final int LONGEST_MESSAGE = 4096;

    /** Where the tests are there for the card. */
    private static final boolean REQUIRED = Boolean.getBoolean("engram.cuda.required");

    private static final Arena ARENA = Arena.global();

    private TestDevice() {}

    /** Whether CUDA is the test device. */
    public static boolean isThere() {
        return find("engram_device_reset").isPresent();
    }

    /** Skips the test where CUDA is a real one or none. */
    public static void require() {
        assumeTrue(isThere(), "CUDA is not the test device here");
    }

    /** Skips the test where there is no CUDA at all, or fails it when there has to be. */
    public static void requireCuda() {
        CudaBackend.unavailable().ifPresent(reason -> {
            assertThat(REQUIRED).as(reason).isFalse();
            assumeTrue(false, reason);
        });
    }

    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> find(String name, FunctionDescriptor type) {
        try {
            return SymbolLookup.libraryLookup("libcuda.so.1", ARENA)
                    .find(name)
                    .map(address -> Linker.nativeLinker().downcallHandle(address, type));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<MethodHandle> find(String name) {
        return find(name, FunctionDescriptor.ofVoid());
    }

    /**
     * Lets a later call go wrong.
     *
     * @param what launch, hang, wrong, memory or graph
     * @param after so many that are right
     */
    public static void fail(String what, long after) {
        FunctionDescriptor type = FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
        try (Arena arena = Arena.ofConfined()) {
            find("engram_device_fail", type).orElseThrow().invokeExact(arena.allocateFrom(what), after);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** No failure is planned any more, and devices that broke are whole; nothing where there is no test device. */
    public static void reset() {
        Optional<MethodHandle> handle = find("engram_device_reset");
        if (handle.isEmpty()) {
            return;
        }
        try {
            handle.get().invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Nothing where there is no test device.
     *
     * @param seed 0 forward, 1 reversed, else a shuffle of blocks, and of threads between barriers
     */
    public static void order(long seed) {
        Optional<MethodHandle> handle = find("engram_device_order", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
        if (handle.isEmpty()) {
            return;
        }
        try {
            handle.get().invokeExact(seed);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** @param what launches, graphs, instructions, uploads, downloads or allocations */
    public static long count(String what) {
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            return (long) find("engram_device_count", type).orElseThrow().invokeExact(arena.allocateFrom(what));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** How many bytes of a piece of a device's memory have ever been written; -1 where no allocation holds it. */
    public static long written(int device, long address, long bytes) {
        FunctionDescriptor type = FunctionDescriptor.of(
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
        try {
            return (long) find("engram_device_written", type).orElseThrow().invokeExact(device, address, bytes);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** What went wrong last. */
    @SuppressWarnings("restricted")
    public static String message() {
        try {
            MemorySegment text =
                    (MemorySegment) find("engram_device_message", FunctionDescriptor.of(ValueLayout.ADDRESS))
                            .orElseThrow()
                            .invokeExact();
            return text.reinterpret(LONGEST_MESSAGE).getString(0);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
