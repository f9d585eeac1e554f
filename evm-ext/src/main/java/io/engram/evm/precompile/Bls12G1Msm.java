package io.engram.evm.precompile;

import java.util.Optional;

/** The sum of points of G1 of BLS12-381 times scalars. Source: EIP-2537. */
final class Bls12G1Msm implements Precompile {

    @Override
    public long gas(byte[] input) {
        return MsmDiscount.g1Gas(input.length / (Bls12.G1 + Bls12.SCALAR));
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        Blst blst = Blst.library();
        return Bls12Arithmetic.multiScalarMultiply(blst, blst.g1, input);
    }
}
