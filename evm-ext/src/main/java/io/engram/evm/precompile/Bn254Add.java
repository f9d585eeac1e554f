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
        long[] p = new long[Bn254G1.LIMBS];
        long[] q = new long[Bn254G1.LIMBS];
        if (!Bn254G1.read(p, 0, padded, 0) || !Bn254G1.read(q, 0, padded, 64)) {
            return Optional.empty();
        }
        Bn254G1.add(p, q);
        return Optional.of(Bn254G1.write(p));
    }
}
