package io.engram.inference.engine.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The widths that this machine works in, and bytes spread to them. Only where the module is present. */
final class Lanes {

    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

    /** Floats, and 32-bit integers, in a vector. */
    static final int COUNT = FLOATS.length();

    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    /** As many bytes as there are lanes. */
    static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class, shapeOfBytes());

    private static final int LEAST = 8;

    private Lanes() {}

    static boolean areWideEnough() {
        return COUNT >= LEAST;
    }

    private static VectorShape shapeOfBytes() {
        return VectorShape.forBitSize(Math.max(COUNT, LEAST) * Byte.SIZE);
    }

    /** {@link #COUNT} bytes as integers. */
    static IntVector ints(byte[] x, int at) {
        return (IntVector) ByteVector.fromArray(BYTES, x, at).convertShape(VectorOperators.B2I, INTS, 0);
    }

    /** {@link #COUNT} bytes as floats. */
    static FloatVector floats(byte[] x, int at) {
        return (FloatVector) ByteVector.fromArray(BYTES, x, at).convertShape(VectorOperators.B2F, FLOATS, 0);
    }

    /** {@code to[toAt + i] = x[at + i] − zero} for {@code length} elements. */
    static void subtract(byte[] x, int at, int length, int zero, float[] to, int toAt) {
        if (length < COUNT) {
            for (int i = 0; i < length; i++) {
                to[toAt + i] = x[at + i] - zero;
            }
            return;
        }
        FloatVector offset = FloatVector.broadcast(FLOATS, zero);
        int last = length - COUNT;
        for (int i = 0; i < last; i += COUNT) {
            floats(x, at + i).sub(offset).intoArray(to, toAt + i);
        }
        // The last vector overlaps the one before it: the same elements written twice with the same values.
        floats(x, at + last).sub(offset).intoArray(to, toAt + last);
    }
}
