package io.engram.evm.precompile;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.engram.evm.LocalFaultException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import supranational.blst.P1;

/**
 * The functions of the native library blst that the contracts need, called by their C names. jblst packs the library; its
 * own Java interface has neither the maps to the curves nor multi-scalar multiplication. Thread-safe.
 *
 * <p>Sizes in bytes: a field element 48, of Fp2 96, of Fp12 576; an affine point twice and a projective point three times
 * its coordinate; a scalar 32, little-endian.
 */
final class Blst {

    static final int FP = 48;
    static final int FP12 = 576;
    static final int SCALAR = 32;
    /** Bits of the largest scalar below the group order. */
    static final int SCALAR_BITS = 255;

    private static final int SUCCESS = 0;

    private static final Linker.Option[] SHORT = {Linker.Option.critical(true)};
    private static final Linker.Option[] LONG = {};

    private final SymbolLookup symbols;
    private final MethodHandle fpFromBigEndian;
    private final MethodHandle bigEndianFromFp;
    private final MethodHandle millerLoop;
    private final MethodHandle finalExponentiation;
    private final MethodHandle isOne;

    final Group g1;
    final Group g2;

    /** The library is loaded at first use; where that fails the reason is kept and every use fails with it. */
    private static final class Holder {
        private static final Optional<Blst> LIBRARY;
        private static final String FAILURE;

        static {
            Optional<Blst> library = Optional.empty();
            String failure = "";
            try {
                library = Optional.of(new Blst());
            } catch (IOException | RuntimeException | LinkageError e) {
                failure = "cannot load the native library blst: " + e;
            }
            LIBRARY = library;
            FAILURE = failure;
        }
    }

    private Blst() throws IOException {
        symbols = load();
        fpFromBigEndian = function("blst_fp_from_bendian", SHORT, false, ADDRESS, ADDRESS);
        bigEndianFromFp = function("blst_bendian_from_fp", SHORT, false, ADDRESS, ADDRESS);
        millerLoop = function("blst_miller_loop_n", LONG, false, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        finalExponentiation = function("blst_final_exp", LONG, false, ADDRESS, ADDRESS);
        isOne = function("blst_fp12_is_one", SHORT, true, ADDRESS);
        g1 = new Group(FP, "p1", "g1");
        g2 = new Group(2 * FP, "p2", "g2");
    }

    /** @throws LocalFaultException when the library cannot be loaded */
    static Blst library() {
        return Holder.LIBRARY.orElseThrow(() -> new LocalFaultException(Holder.FAILURE));
    }

    @SuppressWarnings("restricted") // the library's own functions are the purpose; the node runs with native access
    private static SymbolLookup load() throws IOException {
        String system = System.getProperty("os.name", "").replaceFirst(" .*", "");
        String resource = system + "/" + System.getProperty("os.arch", "") + "/" + System.mapLibraryName("blst");
        try (InputStream stream = P1.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IOException("jblst holds no " + resource);
            }
            Path file = Files.createTempFile("engram-", "-" + System.mapLibraryName("blst"));
            try {
                Files.copy(stream, file, StandardCopyOption.REPLACE_EXISTING);
                return SymbolLookup.libraryLookup(file, Arena.global());
            } finally {
                if (system.toLowerCase(Locale.ROOT).startsWith("windows")) {
                    file.toFile().deleteOnExit();
                } else {
                    Files.delete(file);
                }
            }
        }
    }

    @SuppressWarnings("restricted") // see load
    private MethodHandle function(String name, Linker.Option[] options, boolean result, MemoryLayout... parameters) {
        FunctionDescriptor type =
                result ? FunctionDescriptor.of(JAVA_INT, parameters) : FunctionDescriptor.ofVoid(parameters);
        MemorySegment address =
                symbols.find(name).orElseThrow(() -> new IllegalStateException("blst has no function " + name));
        return Linker.nativeLinker().downcallHandle(address, type, options);
    }

    /** A native call throws nothing by itself; what arrives here is a bug or a failure of the virtual machine. */
    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("call of blst", e);
    }

    /** Only the low byte of a C truth value is defined. */
    private static boolean truth(int value) {
        return (value & 0xff) != 0;
    }

    /** From 48 big-endian bytes, which must be below p. */
    void readFp(MemorySegment fp, MemorySegment bytes) {
        try {
            fpFromBigEndian.invokeExact(fp, bytes);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void writeFp(MemorySegment bytes, MemorySegment fp) {
        try {
            bigEndianFromFp.invokeExact(bytes, fp);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Whether the product of the pairings of {@code count} pairs is one.
     *
     * @param g1Points affine points one after the other, in native memory, of the subgroup and none at infinity
     * @param g2Points likewise
     */
    boolean isPairingProductOne(Arena arena, MemorySegment g1Points, MemorySegment g2Points, int count) {
        MemorySegment product = arena.allocate(FP12, 8);
        try {
            millerLoop.invokeExact(product, first(arena, g2Points), first(arena, g1Points), (long) count);
            finalExponentiation.invokeExact(product, product);
            return truth((int) isOne.invokeExact(product));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The list of pointers that says: this element, and those that follow it in memory. */
    private static MemorySegment first(Arena arena, MemorySegment elements) {
        MemorySegment pointers = arena.allocate(ADDRESS, 2);
        pointers.setAtIndex(ADDRESS, 0, elements);
        return pointers;
    }

    /** One of the two curves. */
    final class Group {
        /** Bytes of a coordinate, of an affine and of a projective point. */
        final int coordinate;

        final int affine;
        final int projective;

        private final MethodHandle fromAffine;
        private final MethodHandle toAffine;
        private final MethodHandle isOnCurve;
        private final MethodHandle isInGroup;
        private final MethodHandle addAffine;
        private final MethodHandle multiply;
        private final MethodHandle multiScratch;
        private final MethodHandle multiMultiply;
        private final MethodHandle map;
        private final MethodHandle uncompress;
        private final MethodHandle negate;

        private Group(int coordinate, String point, String group) {
            this.coordinate = coordinate;
            affine = 2 * coordinate;
            projective = 3 * coordinate;
            String name = "blst_" + point;
            fromAffine = function(name + "_from_affine", SHORT, false, ADDRESS, ADDRESS);
            toAffine = function(name + "_to_affine", SHORT, false, ADDRESS, ADDRESS);
            isOnCurve = function(name + "_affine_on_curve", SHORT, true, ADDRESS);
            isInGroup = function(name + "_affine_in_" + group, LONG, true, ADDRESS);
            addAffine = function(name + "_add_or_double_affine", SHORT, false, ADDRESS, ADDRESS, ADDRESS);
            multiply = function(name + "_mult", LONG, false, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
            negate = function(name + "_cneg", SHORT, false, ADDRESS, JAVA_INT);
            uncompress = function(name + "_uncompress", LONG, true, ADDRESS, ADDRESS);
            map = function("blst_map_to_" + group, LONG, false, ADDRESS, ADDRESS, ADDRESS);
            multiMultiply = function(
                    name + "s_mult_pippenger", LONG, false, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
            multiScratch = size(name + "s_mult_pippenger_scratch_sizeof");
        }

        @SuppressWarnings("restricted") // see load
        private MethodHandle size(String name) {
            MemorySegment address =
                    symbols.find(name).orElseThrow(() -> new IllegalStateException("blst has no function " + name));
            return Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG), SHORT);
        }

        boolean isOnCurve(MemorySegment affinePoint) {
            try {
                return truth((int) isOnCurve.invokeExact(affinePoint));
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        /** For a point of the curve. */
        boolean isInGroup(MemorySegment affinePoint) {
            try {
                return truth((int) isInGroup.invokeExact(affinePoint));
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        void fromAffine(MemorySegment point, MemorySegment affinePoint) {
            try {
                fromAffine.invokeExact(point, affinePoint);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        void toAffine(MemorySegment affinePoint, MemorySegment point) {
            try {
                toAffine.invokeExact(affinePoint, point);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        /** sum = point + affinePoint for any two points of the curve. */
        void add(MemorySegment sum, MemorySegment point, MemorySegment affinePoint) {
            try {
                addAffine.invokeExact(sum, point, affinePoint);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        void negate(MemorySegment point) {
            try {
                negate.invokeExact(point, 1);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        /** product = scalar · point. */
        void multiply(MemorySegment product, MemorySegment point, MemorySegment scalar) {
            try {
                multiply.invokeExact(product, point, scalar, (long) SCALAR_BITS);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        /** sum = Σ scalarᵢ · pointᵢ for affine points, none at infinity, and scalars one after the other. */
        void multiply(Arena arena, MemorySegment sum, MemorySegment points, MemorySegment scalars, int count) {
            try {
                long bytes = (long) multiScratch.invokeExact((long) count);
                MemorySegment scratch = arena.allocate(bytes, 8);
                multiMultiply.invokeExact(
                        sum, first(arena, points), (long) count, first(arena, scalars), (long) SCALAR_BITS, scratch);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        /** The map of RFC 9380 from a field element to the subgroup, without hashing. */
        void map(MemorySegment point, MemorySegment element) {
            try {
                map.invokeExact(point, element, MemorySegment.NULL);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        /** Reads a compressed point into native memory; false unless it encodes one of the curve. */
        boolean uncompress(MemorySegment affinePoint, MemorySegment bytes) {
            try {
                return (int) uncompress.invokeExact(affinePoint, bytes) == SUCCESS;
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }
    }
}
