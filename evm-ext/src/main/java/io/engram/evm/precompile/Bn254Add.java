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
        Jacobian curve = new Jacobian(Bn254.FIELD, false);
        curve.add(p, 0, p, 0, q, 0);
        return Optional.of(Bn254.writeG1(curve, p));
    }
}
