package io.engram.evm.precompile;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Whether a product of pairings on BLS12-381 is one. Source: EIP-2537. */
final class Bls12PairingCheck implements Precompile {

    private static final int PAIR = Bls12.G1 + Bls12.G2;

    @Override
    public long gas(byte[] input) {
        return 37_700 + 32_600L * (input.length / PAIR);
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        if (input.length == 0 || input.length % PAIR != 0) {
            return Optional.empty();
        }
        Blst blst = Blst.library();
        int pairs = input.length / PAIR;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment g1 = arena.allocate((long) blst.g1.affine * pairs, 8);
            MemorySegment g2 = arena.allocate((long) blst.g2.affine * pairs, 8);
            int count = 0;
            for (int i = 0; i < pairs; i++) {
                MemorySegment p = g1.asSlice((long) blst.g1.affine * count, blst.g1.affine);
                MemorySegment q = g2.asSlice((long) blst.g2.affine * count, blst.g2.affine);
                int at = PAIR * i;
                if (!isGroupPoint(blst, blst.g1, p, input, at)
                        || !isGroupPoint(blst, blst.g2, q, input, at + Bls12.G1)) {
                    return Optional.empty();
                }
                if (!Bls12.isInfinity(blst.g1, input, at) && !Bls12.isInfinity(blst.g2, input, at + Bls12.G1)) {
                    count++;
                }
            }
            return Optional.of(Input.word(count == 0 || blst.isPairingProductOne(arena, g1, g2, count)));
        }
    }

    private static boolean isGroupPoint(Blst blst, Blst.Group group, MemorySegment point, byte[] input, int offset) {
        return Bls12.readPoint(blst, group, point, input, offset)
                && (Bls12.isInfinity(group, input, offset) || group.isInGroup(point));
    }
}
