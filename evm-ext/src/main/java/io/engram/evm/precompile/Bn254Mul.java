package io.engram.evm.precompile;

import java.math.BigInteger;
import java.util.Optional;

/** A point of alt_bn128 (64 bytes) times a number (32 bytes). Source: EIP-196; gas: EIP-1108. */
final class Bn254Mul implements Precompile {

    private static final int WIDTH = 5;
    private static final int MULTIPLES = 1 << (WIDTH - 2);

    /** {@link Bn254Fp} with the same form of elements. */
    private static final Field256 FIELD = new Field256(Bn254Fp.PRIME);

    private static final long[] BETA = beta();

    private final long gas;

    Bn254Mul(long gas) {
        this.gas = gas;
    }

    private static long[] beta() {
        long[] beta = new long[Bn254Fp.LIMBS];
        Bn254Fp.set(beta, 0, Bn254Halves.BETA);
        return beta;
    }

    @Override
    public long gas(byte[] input) {
        return gas;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        byte[] padded = Input.padded(input, 96);
        long[] p = new long[Bn254G1.LIMBS];
        if (!Bn254G1.read(p, 0, padded, 0)) {
            return Optional.empty();
        }
        if (!Bn254G1.isInfinity(p, 0)) {
            multiply(p, new BigInteger(1, padded, 64, 32));
        }
        return Optional.of(Bn254G1.write(p));
    }

    /** p = k·p for a point other than infinity; the endomorphism lets the halves of k share the doublings. */
    private static void multiply(long[] p, BigInteger k) {
        Bn254Halves halves = Bn254Halves.of(k);
        byte[] first = new byte[SignedDigits.CAPACITY];
        byte[] second = new byte[SignedDigits.CAPACITY];
        int count = Math.max(
                SignedDigits.of(first, Limbs.of(halves.first()), WIDTH),
                SignedDigits.of(second, Limbs.of(halves.second().abs()), WIDTH));
        int sign = halves.second().signum();
        Jacobian curve = new Jacobian(FIELD, false);
        long[] point = new long[Jacobian.LIMBS];
        System.arraycopy(p, 0, point, 0, Bn254G1.LIMBS);
        Bn254Fp.setOne(point, 8);
        long[] table = new long[Jacobian.LIMBS * MULTIPLES];
        curve.oddMultiples(table, MULTIPLES, point, 0);
        long[] images = table.clone();
        for (int i = 0; i < MULTIPLES; i++) {
            Bn254Fp.mul(images, Jacobian.LIMBS * i, images, Jacobian.LIMBS * i, BETA, 0);
        }
        long[] scratch = new long[Jacobian.LIMBS];
        long[] product = new long[Jacobian.LIMBS];
        for (int i = count - 1; i >= 0; i--) {
            curve.dbl(product, 0, product, 0);
            curve.addDigit(product, 0, table, first[i], scratch);
            curve.addDigit(product, 0, images, sign * second[i], scratch);
        }
        toAffine(p, product);
    }

    private static void toAffine(long[] p, long[] jacobian) {
        // at infinity Z is 0, and so is the inverse that inv gives
        long[] t = new long[8];
        Bn254Fp.inv(t, 0, jacobian, 8);
        Bn254Fp.sqr(t, 4, t, 0);
        Bn254Fp.mul(p, 0, jacobian, 0, t, 4);
        Bn254Fp.mul(t, 4, t, 4, t, 0);
        Bn254Fp.mul(p, 4, jacobian, 4, t, 4);
    }
}
