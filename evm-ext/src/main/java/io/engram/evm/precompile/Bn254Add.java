package io.engram.evm.precompile;

import java.util.Optional;

/** The sum of two points of alt_bn128, 64 bytes each. Source: EIP-196; gas: EIP-1108. */
final class Bn254Add implements Precompile {

    private final long gas;

    Bn254Add(long gas) {
        this.gas = gas;
    }

    @Override
    public long gas(byte[] input) {
        return gas;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        byte[] padded = Input.padded(input, 128);
        long[] p = new long[Jacobian.LIMBS];
        long[] q = new long[Jacobian.LIMBS];
        if (!Bn254.readG1(p, 0, padded, 0) || !Bn254.readG1(q, 0, padded, 64)) {
            return Optional.empty();
        }
        byte[] output = new byte[64];
        if (Jacobian.isInfinity(q, 0)) {
            Bn254.writeAffine(output, p);
        } else if (Jacobian.isInfinity(p, 0)) {
            Bn254.writeAffine(output, q);
        } else if (addAffine(p, q)) {
            Bn254.writeAffine(output, p);
        }
        return Optional.of(output);
    }

    /**
     * p += q for points with Z = 1, by the chord or the tangent; false, and nothing of use in p, for the sum at infinity.
     * One inversion is cheaper than a sum in projective coordinates, which needs it too in the end.
     */
    private static boolean addAffine(long[] p, long[] q) {
        int slope = 0;
        int a = 4;
        int b = 8;
        long[] t = new long[12];
        if (!Bn254Fp.equal(p, 0, q, 0)) {
            Bn254Fp.sub(t, a, q, 4, p, 4);
            Bn254Fp.sub(t, b, q, 0, p, 0);
        } else if (Bn254Fp.equal(p, 4, q, 4)) {
            // no point has y = 0: the order of the group is odd
            Bn254Fp.sqr(t, b, p, 0);
            Bn254Fp.dbl(t, a, t, b);
            Bn254Fp.add(t, a, t, a, t, b);
            Bn254Fp.dbl(t, b, p, 4);
        } else {
            return false;
        }
        Bn254Fp.inv(t, b, t, b);
        Bn254Fp.mul(t, slope, t, a, t, b);
        Bn254Fp.sqr(t, a, t, slope);
        Bn254Fp.sub(t, a, t, a, p, 0);
        Bn254Fp.sub(t, a, t, a, q, 0);
        Bn254Fp.sub(t, b, p, 0, t, a);
        Bn254Fp.mul(t, b, t, b, t, slope);
        Bn254Fp.sub(p, 4, t, b, p, 4);
        Bn254Fp.copy(p, 0, t, a);
        return true;
    }
}
