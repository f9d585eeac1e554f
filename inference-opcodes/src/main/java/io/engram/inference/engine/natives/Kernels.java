package io.engram.inference.engine.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;

/** The functions of the native library. Thread-safe; it keeps no state. */
final class Kernels {

    /** What this class was written for: see engram_interface. */
    private static final long INTERFACE = StepList.STEP_BYTES << 8 | 5;

    private static final int NAME_BYTES = 64;

    private final MethodHandle tiers;
    private final MethodHandle hashers;
    private final MethodHandle tierName;
    private final MethodHandle hasherName;
    private final MethodHandle stagedBytes;
    private final MethodHandle productBytes;
    private final MethodHandle packProduct;
    private final MethodHandle finishBytes;
    private final MethodHandle packFinish;
    private final MethodHandle depthwiseBytes;
    private final MethodHandle packDepthwise;
    private final MethodHandle depthwiseFinishBytes;
    private final MethodHandle packDepthwiseFinish;
    private final boolean evicts;
    private final MethodHandle lead;
    private final MethodHandle run;
    private final MethodHandle tensorRoot;
    private final MethodHandle flip;

    /** @throws IllegalStateException when the file is no library of this version */
    @SuppressWarnings("restricted") // foreign functions are what this class is for
    Kernels(Path file) {
        SymbolLookup symbols;
        try {
            symbols = SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("the library cannot be loaded: " + e.getMessage(), e);
        }
        long version = number(find(symbols, "engram_interface", FunctionDescriptor.of(JAVA_LONG)));
        if (version != INTERFACE) {
            throw new IllegalStateException("the library has interface " + version + ", not " + INTERFACE);
        }
        tiers = find(symbols, "engram_tiers", FunctionDescriptor.of(JAVA_LONG));
        hashers = find(symbols, "engram_hashers", FunctionDescriptor.of(JAVA_LONG));
        tierName = find(symbols, "engram_tier_name", FunctionDescriptor.of(ADDRESS, JAVA_LONG));
        hasherName = find(symbols, "engram_hasher_name", FunctionDescriptor.of(ADDRESS, JAVA_LONG));
        stagedBytes = find(symbols, "engram_staged_bytes", longs(1));
        productBytes = find(symbols, "engram_product_bytes", longs(4));
        finishBytes = find(symbols, "engram_finish_bytes", longs(2));
        depthwiseBytes = find(symbols, "engram_depthwise_bytes", longs(3));
        depthwiseFinishBytes = find(symbols, "engram_depthwise_finish_bytes", longs(2));
        packProduct = find(
                symbols,
                "engram_pack_product",
                FunctionDescriptor.ofVoid(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS));
        FunctionDescriptor finish =
                FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
        packFinish = find(symbols, "engram_pack_finish", finish);
        packDepthwiseFinish = find(symbols, "engram_pack_depthwise_finish", finish);
        packDepthwise = find(
                symbols,
                "engram_pack_depthwise",
                FunctionDescriptor.ofVoid(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS));
        evicts = number(find(symbols, "engram_evicts", FunctionDescriptor.of(JAVA_LONG))) != 0 && !SharedCache.exists();
        lead = find(symbols, "engram_lead", FunctionDescriptor.ofVoid(ADDRESS));
        run = find(
                symbols,
                "engram_run",
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS,
                        JAVA_LONG, JAVA_LONG, JAVA_LONG));
        flip = find(
                symbols,
                "engram_flip",
                FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG),
                Linker.Option.critical(true));
        tensorRoot = find(
                symbols,
                "engram_tensor_root",
                FunctionDescriptor.ofVoid(
                        JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS),
                Linker.Option.critical(true));
    }

    private static FunctionDescriptor longs(int arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments];
        Arrays.fill(layouts, JAVA_LONG);
        return FunctionDescriptor.of(JAVA_LONG, layouts);
    }

    @SuppressWarnings("restricted") // foreign functions are what this class is for
    private static MethodHandle find(
            SymbolLookup symbols, String name, FunctionDescriptor descriptor, Linker.Option... options) {
        MemorySegment symbol =
                symbols.find(name).orElseThrow(() -> new IllegalStateException("the library has no function " + name));
        return Linker.nativeLinker().downcallHandle(symbol, descriptor, options);
    }

    /** Bit i: this processor can run tier i; lower is faster. */
    long tiers() {
        return number(tiers);
    }

    /** Bit i: this processor can run hasher i; lower is faster. */
    long hashers() {
        return number(hashers);
    }

    /** Whether steps of {@link Kind#EVICT} can run and are of use. */
    boolean evicts() {
        return evicts;
    }

    String tierName(int tier) {
        return name(tierName, tier);
    }

    String hasherName(int hasher) {
        return name(hasherName, hasher);
    }

    /** Bytes of an element of staged rows: 1 when products read values as they are kept, 2 when they need copies. */
    long stagedBytes(int tier) {
        try {
            return (long) stagedBytes.invokeExact((long) tier);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    long productBytes(int tier, long columns, long segments, long length) {
        try {
            return (long) productBytes.invokeExact((long) tier, columns, segments, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Weights {@code int8 [columns][segments][length]} in the order in which a tier reads them. */
    void packProduct(int tier, MemorySegment weights, long columns, long segments, long length, MemorySegment out) {
        try {
            packProduct.invokeExact((long) tier, weights, columns, segments, length, out);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    long finishBytes(int tier, long channels) {
        try {
            return (long) finishBytes.invokeExact((long) tier, channels);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The rescaling of each channel; all vectors int32. */
    void packFinish(int tier, long channels, Rescaling rescaling, long zeroPoint, MemorySegment out) {
        try {
            packFinish.invokeExact(
                    (long) tier,
                    channels,
                    rescaling.bias(),
                    rescaling.multipliers(),
                    rescaling.shifts(),
                    zeroPoint,
                    out);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    long depthwiseBytes(int tier, long channels, long taps) {
        try {
            return (long) depthwiseBytes.invokeExact((long) tier, channels, taps);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void packDepthwise(int tier, MemorySegment weights, long channels, long taps, MemorySegment out) {
        try {
            packDepthwise.invokeExact((long) tier, weights, channels, taps, out);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    long depthwiseFinishBytes(int tier, long channels) {
        try {
            return (long) depthwiseFinishBytes.invokeExact((long) tier, channels);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void packDepthwiseFinish(int tier, long channels, Rescaling rescaling, long zeroPoint, MemorySegment out) {
        try {
            packDepthwiseFinish.invokeExact(
                    (long) tier,
                    channels,
                    rescaling.bias(),
                    rescaling.multipliers(),
                    rescaling.shifts(),
                    zeroPoint,
                    out);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The caller is to lead a run with this control block: helpers keep off its processor. */
    void lead(MemorySegment control) {
        try {
            lead.invokeExact(control);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Runs steps {@code from} to {@code to}; see engram_run.
     *
     * @return 0; 1 when another thread has given the run up; 2 for a step that the library does not know
     */
    long run(
            int tier,
            int hasher,
            MemorySegment steps,
            long from,
            long to,
            MemorySegment arena,
            MemorySegment constants,
            MemorySegment control,
            Role role,
            long member,
            long members) {
        try {
            return (long) run.invokeExact(
                    (long) tier,
                    (long) hasher,
                    steps,
                    from,
                    to,
                    arena,
                    constants,
                    control,
                    (long) role.code(),
                    member,
                    members);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The root of a tensor with this header; all segments may be on the heap. */
    void tensorRoot(int hasher, MemorySegment data, MemorySegment header, MemorySegment leaves, MemorySegment root) {
        try {
            tensorRoot.invokeExact((long) hasher, data, data.byteSize(), 0L, header, header.byteSize(), leaves, root);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Copies int8 values to the form in which they are kept, or back; either segment may be on the heap. */
    void flip(MemorySegment to, MemorySegment from) {
        try {
            flip.invokeExact(to, from, from.byteSize());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static long number(MethodHandle handle) {
        try {
            return (long) handle.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @SuppressWarnings("restricted") // foreign functions are what this class is for
    private static String name(MethodHandle handle, int index) {
        try {
            MemorySegment name = (MemorySegment) handle.invokeExact((long) index);
            return name.reinterpret(NAME_BYTES).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A downcall throws nothing of its own. */
    private static IllegalStateException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a call of the native library failed", e);
    }
}
