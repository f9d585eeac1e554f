package io.engram.evm.precompile;

import java.util.Optional;

/** A point of alt_bn128 (64 bytes) times a number (32 bytes). Source: EIP-196; gas: EIP-1108. */
final class Bn254Mul implements Precompile {

    private static final int WIDTH = 5;

    private final long gas;

    Bn254Mul(long gas) {
        this.gas = gas;
    }

    @Override
    public long gas(byte[] input) {
        return gas;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        byte[] padded = Input.padded(input, 96);
        long[] p = new long[Jacobian.LIMBS];
        if (!Bn254.readG1(p, 0, padded, 0)) {
            return Optional.empty();
        }
        Jacobian curve = new Jacobian(Bn254.FIELD, false);
        long[] table = new long[Jacobian.LIMBS << (WIDTH - 2)];
        curve.oddMultiples(table, 1 << (WIDTH - 2), p, 0);
        byte[] digits = new byte[SignedDigits.CAPACITY];
        int count = SignedDigits.of(digits, Limbs.read(padded, 64), WIDTH);
        long[] scratch = new long[Jacobian.LIMBS];
        long[] product = new long[Jacobian.LIMBS];
        for (int i = count - 1; i >= 0; i--) {
            curve.dbl(product, 0, product, 0);
            curve.addDigit(product, 0, table, digits[i], scratch);
        }
        return Optional.of(Bn254.writeG1(product));
    }
}
