package io.engram.evm.precompile;

import java.util.Optional;

/** An element of Fp2 to a point of G2 of BLS12-381. Source: EIP-2537. */
final class Bls12MapFp2ToG2 implements Precompile {

    @Override
    public long gas(byte[] input) {
        return 23_800;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        Blst blst = Blst.library();
        return Bls12Arithmetic.map(blst, blst.g2, input);
    }
}
