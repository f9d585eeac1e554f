package io.engram.evm.precompile;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Whether the polynomial under a KZG commitment takes the value y at z: versioned hash (32 bytes), z (32), y (32),
 * commitment (48), proof (48). Source: EIP-4844.
 *
 * <p>Checks e(C - [y]G₁ + [z]π, -G₂) · e(π, [τ]G₂) = 1, which needs no more of the trusted setup than [τ]G₂.
 */
final class PointEvaluation implements Precompile {

    private static final int INPUT = 192;

    /** [τ]G₂ of the mainnet ceremony: the second of the G2 points in monomial form. */
    private static final byte[] TAU_G2 = HexFormat.of()
            .parseHex(
                    "b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72"
                            + "185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2");

    private static final byte[] GENERATOR_G1 = HexFormat.of()
            .parseHex(
                    "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb");

    private static final byte[] GENERATOR_G2 = HexFormat.of()
            .parseHex(
                    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
                            + "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8");

    /** 4096, the number of field elements of a blob, and the order of the groups. */
    private static final byte[] OUTPUT = HexFormat.of()
            .parseHex("0000000000000000000000000000000000000000000000000000000000001000"
                    + "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001");

    @Override
    public long gas(byte[] input) {
        return 50_000;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        if (input.length != INPUT
                || !Limbs.isBelow(input, 32, Bls12.ORDER)
                || !Limbs.isBelow(input, 64, Bls12.ORDER)
                || !isVersionedHash(input)) {
            return Optional.empty();
        }
        Blst blst = Blst.library();
        try (Arena arena = Arena.ofConfined()) {
            return isProof(blst, arena, input) ? Optional.of(OUTPUT.clone()) : Optional.empty();
        }
    }

    /** Whether the first word is 0x01 and the tail of the commitment's SHA-256. */
    private static boolean isVersionedHash(byte[] input) {
        MessageDigest digest = Sha256.digest();
        digest.update(input, 96, 48);
        byte[] hash = digest.digest();
        hash[0] = 1;
        return Arrays.equals(hash, 0, 32, input, 0, 32);
    }

    private static boolean isProof(Blst blst, Arena arena, byte[] input) {
        Blst.Group g1 = blst.g1;
        Blst.Group g2 = blst.g2;
        MemorySegment commitment = arena.allocate(g1.affine, 8);
        MemorySegment points = arena.allocate(2L * g1.affine, 8);
        MemorySegment proof = points.asSlice(g1.affine, g1.affine);
        if (!readG1(g1, arena, commitment, Arrays.copyOfRange(input, 96, 144))
                || !readG1(g1, arena, proof, Arrays.copyOfRange(input, 144, INPUT))) {
            return false;
        }
        // C - [y]G₁ + [z]π
        MemorySegment generator = arena.allocate(g1.affine, 8);
        readConstant(g1, arena, generator, GENERATOR_G1);
        MemorySegment sum = arena.allocate(g1.projective, 8);
        MemorySegment term = arena.allocate(g1.projective, 8);
        MemorySegment affine = points.asSlice(0, g1.affine);
        multiply(g1, arena, term, generator, input, 64);
        g1.negate(term);
        g1.add(sum, term, commitment);
        multiply(g1, arena, term, proof, input, 32);
        g1.toAffine(affine, term);
        g1.add(sum, sum, affine);
        g1.negate(sum);
        g1.toAffine(affine, sum);

        MemorySegment twists = arena.allocate(2L * g2.affine, 8);
        readConstant(g2, arena, twists.asSlice(0, g2.affine), GENERATOR_G2);
        readConstant(g2, arena, twists.asSlice(g2.affine, g2.affine), TAU_G2);
        boolean sumIsInfinity = isInfinity(affine);
        boolean proofIsInfinity = isInfinity(proof);
        if (sumIsInfinity || proofIsInfinity) {
            // a pairing of points of the group other than infinity is never one
            return sumIsInfinity && proofIsInfinity;
        }
        return blst.isPairingProductOne(arena, points, twists, 2);
    }

    private static void multiply(
            Blst.Group g1, Arena arena, MemorySegment product, MemorySegment affine, byte[] input, int offset) {
        MemorySegment point = arena.allocate(g1.projective, 8);
        g1.fromAffine(point, affine);
        MemorySegment scalar = arena.allocate(Blst.SCALAR, 8);
        scalar.copyFrom(MemorySegment.ofArray(Bls12Arithmetic.reducedScalar(input, offset)));
        g1.multiply(product, point, scalar);
    }

    /** Reads a compressed point of G1, infinity allowed. */
    private static boolean readG1(Blst.Group g1, Arena arena, MemorySegment affine, byte[] compressed) {
        MemorySegment bytes = arena.allocate(compressed.length, 8);
        bytes.copyFrom(MemorySegment.ofArray(compressed));
        return g1.uncompress(affine, bytes) && (isInfinity(affine) || g1.isInGroup(affine));
    }

    private static void readConstant(Blst.Group group, Arena arena, MemorySegment affine, byte[] compressed) {
        MemorySegment bytes = arena.allocate(compressed.length, 8);
        bytes.copyFrom(MemorySegment.ofArray(compressed));
        if (!group.uncompress(affine, bytes)) {
            throw new IllegalStateException("a constant of the curve does not decode");
        }
    }

    /** The library writes the point at infinity as zeros. */
    private static boolean isInfinity(MemorySegment affine) {
        for (long at = 0; at < affine.byteSize(); at += 8) {
            if (affine.get(ValueLayout.JAVA_LONG, at) != 0) {
                return false;
            }
        }
        return true;
    }
}
