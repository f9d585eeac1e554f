package io.engram.evm.precompile;

import java.util.Optional;

/**
 * Whether a product of pairings on alt_bn128 is one: pairs of a point of G1 (64 bytes) and one of G2 (128). Source:
 * EIP-197; gas: EIP-1108.
 */
final class Bn254PairingCheck implements Precompile {

    private static final int PAIR = 192;

    private final long base;
    private final long perPair;

    Bn254PairingCheck(long base, long perPair) {
        this.base = base;
        this.perPair = perPair;
    }

    @Override
    public long gas(byte[] input) {
        return base + perPair * (input.length / PAIR);
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        if (input.length % PAIR != 0) {
            return Optional.empty();
        }
        int pairs = input.length / PAIR;
        long[] g1 = new long[8 * pairs];
        long[] g2 = new long[16 * pairs];
        long[] p = new long[Jacobian.LIMBS];
        long[] q = new long[Bn254G2.LIMBS];
        Bn254G2 twist = new Bn254G2(new Bn254Fp2());
        int count = 0;
        for (int i = 0; i < pairs; i++) {
            if (!Bn254.readG1(p, 0, input, PAIR * i) || !twist.read(q, 0, input, PAIR * i + 64)) {
                return Optional.empty();
            }
            if (!Jacobian.isInfinity(p, 0) && !Bn254G2.isInfinity(q, 0)) {
                System.arraycopy(p, 0, g1, 8 * count, 8);
                System.arraycopy(q, 0, g2, 16 * count, 16);
                count++;
            }
        }
        return Optional.of(Input.word(count == 0 || new Bn254Pairing().isProductOne(g1, g2, count)));
    }
}
