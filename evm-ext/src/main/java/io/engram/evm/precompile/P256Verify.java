package io.engram.evm.precompile;

import java.math.BigInteger;
import java.util.Optional;

/**
 * Whether a signature over secp256r1 is good: hash, r, s, x, y of 32 bytes each in; the word 1 out, nothing where it is
 * not. Source: EIP-7951, FIPS 186-5.
 */
final class P256Verify implements Precompile {

    private static final int INPUT = 160;
    private static final byte[] NOTHING = {};

    private static final Field256 FIELD =
            new Field256(hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"));
    private static final BigInteger ORDER = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    private static final long[] B = element("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    /** Bits of a signed digit for the generator, whose odd multiples are kept, and for the key. */
    private static final int GENERATOR_WIDTH = 8;

    private static final int KEY_WIDTH = 5;
    private static final long[] GENERATOR_MULTIPLES = generatorMultiples();

    private static BigInteger hex(String digits) {
        return new BigInteger(digits, 16);
    }

    private static long[] element(String digits) {
        long[] element = new long[Field256.LIMBS];
        FIELD.set(element, 0, hex(digits));
        return element;
    }

    private static long[] generatorMultiples() {
        long[] generator = new long[Jacobian.LIMBS];
        FIELD.set(generator, 0, hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"));
        FIELD.set(generator, 4, hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"));
        FIELD.setOne(generator, 8);
        long[] table = new long[Jacobian.LIMBS << (GENERATOR_WIDTH - 2)];
        new Jacobian(FIELD, true).oddMultiples(table, 1 << (GENERATOR_WIDTH - 2), generator, 0);
        return table;
    }

    @Override
    public long gas(byte[] input) {
        return 6_900;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        return Optional.of(input.length == INPUT && isValid(input) ? Input.word(true) : NOTHING);
    }

    private static boolean isValid(byte[] input) {
        BigInteger r = new BigInteger(1, input, 32, 32);
        BigInteger s = new BigInteger(1, input, 64, 32);
        long[] key = new long[Jacobian.LIMBS];
        if (!isScalar(r) || !isScalar(s) || !readKey(key, input)) {
            return false;
        }
        BigInteger inverse = s.modInverse(ORDER);
        byte[] u1 = new byte[SignedDigits.CAPACITY];
        byte[] u2 = new byte[SignedDigits.CAPACITY];
        BigInteger hash = new BigInteger(1, input, 0, 32);
        int count = Math.max(
                SignedDigits.of(u1, Limbs.of(hash.multiply(inverse).mod(ORDER)), GENERATOR_WIDTH),
                SignedDigits.of(u2, Limbs.of(r.multiply(inverse).mod(ORDER)), KEY_WIDTH));
        Jacobian curve = new Jacobian(FIELD, true);
        long[] table = new long[Jacobian.LIMBS << (KEY_WIDTH - 2)];
        curve.oddMultiples(table, 1 << (KEY_WIDTH - 2), key, 0);
        long[] scratch = new long[Jacobian.LIMBS];
        long[] sum = new long[Jacobian.LIMBS];
        for (int i = count - 1; i >= 0; i--) {
            curve.dbl(sum, 0, sum, 0);
            curve.addDigit(sum, 0, GENERATOR_MULTIPLES, u1[i], scratch);
            curve.addDigit(sum, 0, table, u2[i], scratch);
        }
        if (Jacobian.isInfinity(sum, 0)) {
            return false;
        }
        // x mod n = r without an inversion: X = r·Z², or (r + n)·Z² where r + n is still below p
        return hasX(sum, r) || (r.add(ORDER).compareTo(FIELD.prime()) < 0 && hasX(sum, r.add(ORDER)));
    }

    private static boolean isScalar(BigInteger value) {
        return value.signum() > 0 && value.compareTo(ORDER) < 0;
    }

    /** Reads the key; false unless it is a point of the curve other than infinity. */
    private static boolean readKey(long[] key, byte[] input) {
        if (!FIELD.read(key, 0, input, 96) || !FIELD.read(key, 4, input, 128)) {
            return false;
        }
        FIELD.setOne(key, 8);
        long[] t = new long[12];
        FIELD.sqr(t, 0, key, 0);
        FIELD.mul(t, 0, t, 0, key, 0);
        FIELD.dbl(t, 4, key, 0);
        FIELD.add(t, 4, t, 4, key, 0);
        FIELD.sub(t, 0, t, 0, t, 4);
        FIELD.add(t, 0, t, 0, B, 0);
        FIELD.sqr(t, 4, key, 4);
        return Field256.equal(t, 0, t, 4);
    }

    private static boolean hasX(long[] point, BigInteger x) {
        long[] t = new long[8];
        FIELD.set(t, 0, x);
        FIELD.sqr(t, 4, point, 8);
        FIELD.mul(t, 0, t, 0, t, 4);
        return Field256.equal(t, 0, point, 0);
    }
}
