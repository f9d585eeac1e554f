package io.engram.evm.precompile;

import java.util.Optional;

/** The sum of two points of BLS12-381's first curve. Source: EIP-2537. */
final class Bls12G1Add implements Precompile {

    @Override
    public long gas(byte[] input) {
        return 375;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        Blst blst = Blst.library();
        return Bls12Arithmetic.add(blst, blst.g1, input);
    }
}
