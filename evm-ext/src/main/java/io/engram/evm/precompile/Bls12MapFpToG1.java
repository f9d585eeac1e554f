package io.engram.evm.precompile;

import java.util.Optional;

/** A field element to a point of G1 of BLS12-381. Source: EIP-2537. */
final class Bls12MapFpToG1 implements Precompile {

    @Override
    public long gas(byte[] input) {
        return 5_500;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        Blst blst = Blst.library();
        return Bls12Arithmetic.map(blst, blst.g1, input);
    }
}
