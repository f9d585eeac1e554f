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
        long[] g1 = new long[Bn254G1.LIMBS * pairs];
        long[] g2 = new long[Bn254G2.LIMBS * pairs];
        Bn254Fp2 f2 = new Bn254Fp2();
        int count = 0;
        for (int i = 0; i < pairs; i++) {
            int p = Bn254G1.LIMBS * count;
            int q = Bn254G2.LIMBS * count;
            if (!Bn254G1.read(g1, p, input, PAIR * i) || !Bn254G2.read(f2, g2, q, input, PAIR * i + 64)) {
                return Optional.empty();
            }
            // one at infinity makes the pair's value 1, but the other point must be good still
            count += Bn254G2.isInfinity(g2, q) ? 0 : 1;
        }
        return count == 0 ? Optional.of(Input.word(true)) : check(f2, g1, g2, count);
    }

    private static Optional<byte[]> check(Bn254Fp2 f2, long[] g1, long[] g2, int count) {
        Bn254Fp12 f12 = new Bn254Fp12(f2, new Bn254Fp6(f2));
        long[] f = new long[Bn254Fp12.LIMBS];
        if (!new Bn254MillerLoop(f2, f12).run(f, g1, g2, count)) {
            return Optional.empty();
        }
        new Bn254FinalExponentiation(f12).apply(f);
        return Optional.of(Input.word(Bn254Fp12.isOne(f, 0)));
    }
}
