package io.engram.evm.precompile;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** What the contracts of EIP-2537 do alike on both curves. */
final class Bls12Arithmetic {

    private Bls12Arithmetic() {}

    /** The sum of two points of the curve, in the subgroup or not. */
    static Optional<byte[]> add(Blst blst, Blst.Group group, byte[] input) {
        int length = Bls12.encodedLength(group);
        if (input.length != 2 * length) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(2L * group.affine + group.projective, 8);
            MemorySegment p = block.asSlice(0, group.affine);
            MemorySegment q = block.asSlice(group.affine, group.affine);
            MemorySegment sum = block.asSlice(2L * group.affine, group.projective);
            if (!Bls12.readPoint(blst, group, p, input, 0) || !Bls12.readPoint(blst, group, q, input, length)) {
                return Optional.empty();
            }
            if (Bls12.isInfinity(group, input, 0)) {
                return Optional.of(Bls12.writePoint(blst, group, q));
            }
            if (Bls12.isInfinity(group, input, length)) {
                return Optional.of(Bls12.writePoint(blst, group, p));
            }
            group.fromAffine(sum, p);
            group.add(sum, sum, q);
            group.toAffine(p, sum);
            return Optional.of(Bls12.writePoint(blst, group, p));
        }
    }

    /** The sum of points of the subgroup times scalars of 256 bits, given in pairs. */
    static Optional<byte[]> multiScalarMultiply(Blst blst, Blst.Group group, byte[] input) {
        int length = Bls12.encodedLength(group);
        int pair = length + Bls12.SCALAR;
        if (input.length == 0 || input.length % pair != 0) {
            return Optional.empty();
        }
        int pairs = input.length / pair;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment points = arena.allocate((long) group.affine * pairs, 8);
            MemorySegment scalars = arena.allocate((long) Blst.SCALAR * pairs, 8);
            int count = 0;
            for (int i = 0; i < pairs; i++) {
                MemorySegment point = points.asSlice((long) group.affine * count, group.affine);
                if (!Bls12.readPoint(blst, group, point, input, pair * i)) {
                    return Optional.empty();
                }
                if (Bls12.isInfinity(group, input, pair * i)) {
                    continue;
                }
                if (!group.isInGroup(point)) {
                    return Optional.empty();
                }
                MemorySegment scalar = scalars.asSlice((long) Blst.SCALAR * count, Blst.SCALAR);
                scalar.copyFrom(MemorySegment.ofArray(reducedScalar(input, pair * i + length)));
                count++;
            }
            if (count == 0) {
                return Optional.of(new byte[length]);
            }
            MemorySegment sum = arena.allocate(group.projective, 8);
            MemorySegment affine = arena.allocate(group.affine, 8);
            if (count == 1) {
                MemorySegment point = arena.allocate(group.projective, 8);
                group.fromAffine(point, points);
                group.multiply(sum, point, scalars);
            } else {
                group.multiply(arena, sum, points, scalars, count);
            }
            group.toAffine(affine, sum);
            return Optional.of(Bls12.writePoint(blst, group, affine));
        }
    }

    /** A big-endian scalar modulo the group order, as 32 little-endian bytes. */
    static byte[] reducedScalar(byte[] input, int offset) {
        byte[] big = Input.slice(input, offset, Bls12.SCALAR);
        // 2^256 is less than three times the order
        while (!Limbs.isBelow(big, 0, Bls12.ORDER)) {
            long borrow = 0;
            for (int i = 3; i >= 0; i--) {
                long word = (long) Input.BIG_LONG.get(big, 8 * i);
                long part = word - Bls12.ORDER[i];
                long next = Long.compareUnsigned(word, Bls12.ORDER[i]) < 0 || (part == 0 && borrow == 1) ? 1 : 0;
                Input.BIG_LONG.set(big, 8 * i, part - borrow);
                borrow = next;
            }
        }
        for (int i = 0; i < Bls12.SCALAR / 2; i++) {
            byte swap = big[i];
            big[i] = big[Bls12.SCALAR - 1 - i];
            big[Bls12.SCALAR - 1 - i] = swap;
        }
        return big;
    }

    /** The point of the subgroup that field elements map to. */
    static Optional<byte[]> map(Blst blst, Blst.Group group, byte[] input) {
        int elements = group.coordinate / Blst.FP;
        if (input.length != elements * Bls12.FP) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment element = arena.allocate(group.coordinate, 8);
            if (!Bls12.readFps(blst, element, input, 0, elements)) {
                return Optional.empty();
            }
            MemorySegment point = arena.allocate(group.projective, 8);
            MemorySegment affine = arena.allocate(group.affine, 8);
            group.map(point, element);
            group.toAffine(affine, point);
            return Optional.of(Bls12.writePoint(blst, group, affine));
        }
    }
}
