package io.engram.evm.word;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

class WordsTest {

    private static final BigInteger TWO_256 = BigInteger.ONE.shiftLeft(256);
    private static final BigInteger MASK = TWO_256.subtract(BigInteger.ONE);
    private static final int CASES = 60_000;
    private static final int T = 64;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final long[] s = new long[128];

    /** Limbs that break carries and quotient digits are frequent. */
    private long limb() {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> Long.MIN_VALUE;
            case 3 -> 1;
            case 4 -> Long.MAX_VALUE;
            case 5 -> 1L << random.nextInt(64);
            default -> random.nextLong();
        };
    }

    private BigInteger word(int at) {
        if (random.nextInt(4) == 0) { // 2^k - 1, 2^k, 2^k + 1
            BigInteger near =
                    BigInteger.ONE.shiftLeft(random.nextInt(257)).add(BigInteger.valueOf(random.nextInt(3) - 1));
            for (int i = 0; i < 4; i++) {
                s[at + i] = near.shiftRight(64 * i).longValue();
            }
            return value(at);
        }
        int limbs = random.nextInt(5);
        for (int i = 0; i < 4; i++) {
            s[at + i] = i < limbs ? limb() : 0;
        }
        return value(at);
    }

    private BigInteger value(int at) {
        BigInteger value = BigInteger.ZERO;
        for (int i = 3; i >= 0; i--) {
            value = value.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(s[at + i])));
        }
        return value;
    }

    private static BigInteger signed(BigInteger value) {
        return value.testBit(255) ? value.subtract(TWO_256) : value;
    }

    private interface Binary {
        void run(long[] s, int a, int b, int r);
    }

    private void check(String name, Binary operation, BinaryOperator<BigInteger> oracle) {
        for (int i = 0; i < CASES; i++) {
            BigInteger a = word(0);
            BigInteger b = random.nextInt(16) == 0 ? copy(0, 4) : word(4);
            int result = random.nextBoolean() ? 4 : 8;
            operation.run(s, 0, 4, result);
            assertThat(value(result))
                    .as("%s of %x and %x, seed %d", name, a, b, seed)
                    .isEqualTo(oracle.apply(a, b).and(MASK));
        }
    }

    private BigInteger copy(int from, int to) {
        System.arraycopy(s, from, s, to, 4);
        return value(to);
    }

    private static BigInteger zeroOr(BigInteger divisor, BigInteger otherwise) {
        return divisor.signum() == 0 ? BigInteger.ZERO : otherwise;
    }

    @Test
    void addition_subtraction_and_multiplication_agree_with_big_integers() {
        check("add", Words::add, BigInteger::add);
        check("sub", Words::sub, BigInteger::subtract);
        check("mul", Words::mul, BigInteger::multiply);
    }

    @Test
    void division_agrees_with_big_integers() {
        check("div", (s, a, b, r) -> Division.div(s, a, b, r, T), (a, b) -> b.signum() == 0 ? b : a.divide(b));
        check("mod", (s, a, b, r) -> Division.mod(s, a, b, r, T), (a, b) -> b.signum() == 0 ? b : a.mod(b));
        check(
                "sdiv",
                (s, a, b, r) -> Division.sdiv(s, a, b, r, T),
                (a, b) -> b.signum() == 0 ? b : signed(a).divide(signed(b)));
        check(
                "smod",
                (s, a, b, r) -> Division.smod(s, a, b, r, T),
                (a, b) -> b.signum() == 0 ? b : signed(a).remainder(signed(b)));
    }

    @Test
    void modular_addition_and_multiplication_do_not_wrap() {
        for (int i = 0; i < CASES; i++) {
            BigInteger a = word(0);
            BigInteger b = word(4);
            BigInteger m = word(8);
            ModularArithmetic.addmod(s, 0, 4, 8, 12, T);
            assertThat(value(12))
                    .as("%x + %x mod %x, seed %d", a, b, m, seed)
                    .isEqualTo(zeroOr(m, m.signum() == 0 ? m : a.add(b).mod(m)));
            ModularArithmetic.mulmod(s, 0, 4, 8, 8, T);
            assertThat(value(8))
                    .as("%x * %x mod %x, seed %d", a, b, m, seed)
                    .isEqualTo(zeroOr(m, m.signum() == 0 ? m : a.multiply(b).mod(m)));
        }
    }

    /** Numerators whose upper limbs repeat the divisor's make the largest quotient digits, and the rarest paths. */
    @Test
    void the_largest_quotient_digits_are_right() {
        for (int i = 0; i < CASES; i++) {
            int limbs = 1 + random.nextInt(4);
            BigInteger modulus =
                    word(0).mod(BigInteger.ONE.shiftLeft(64 * limbs)).setBit(64 * limbs - 1 - random.nextInt(64));
            BigInteger missing = word(0).mod(BigInteger.ONE.shiftLeft(random.nextInt(64 * limbs)));
            BigInteger numerator =
                    modulus.subtract(missing).abs().shiftLeft(64 * (8 - limbs)).or(word(0));
            for (int j = 0; j < 8; j++) {
                s[T + j] = numerator.shiftRight(64 * j).longValue();
                s[j] = modulus.shiftRight(64 * j).longValue();
            }
            Division.reduce(s, 8, 0, 4, T);
            assertThat(value(4))
                    .as("%x mod %x, seed %d", numerator, modulus, seed)
                    .isEqualTo(numerator.mod(BigInteger.ONE.shiftLeft(512)).mod(modulus));
        }
    }

    @Test
    void powers_agree_with_big_integers() {
        for (int i = 0; i < 3000; i++) {
            BigInteger a = word(0);
            BigInteger b = word(4);
            Exponentiation.exp(s, 0, 4, 4, T);
            assertThat(value(4)).as("%x ^ %x, seed %d", a, b, seed).isEqualTo(a.modPow(b, TWO_256));
        }
    }

    @Test
    void shifts_agree_with_big_integers() {
        for (int i = 0; i < CASES; i++) {
            BigInteger a = word(0);
            int shift = random.nextInt(256);
            Words.shiftLeft(s, 0, shift, 4);
            assertThat(value(4))
                    .as("%x << %d, seed %d", a, shift, seed)
                    .isEqualTo(a.shiftLeft(shift).and(MASK));
            Words.shiftRight(s, 0, shift, 0, 4);
            assertThat(value(4)).as("%x >>> %d, seed %d", a, shift, seed).isEqualTo(a.shiftRight(shift));
            Words.shiftRight(s, 0, shift, s[3] >> 63, 0);
            assertThat(value(0))
                    .as("%x >> %d, seed %d", a, shift, seed)
                    .isEqualTo(signed(a).shiftRight(shift).and(MASK));
        }
    }

    @Test
    void comparisons_agree_with_big_integers() {
        for (int i = 0; i < CASES; i++) {
            BigInteger a = word(0);
            BigInteger b = random.nextInt(4) == 0 ? copy(0, 4) : word(4);
            assertThat(Words.lessThan(s, 0, 4)).as("seed %d", seed).isEqualTo(a.compareTo(b) < 0);
            assertThat(Words.lessThanSigned(s, 0, 4))
                    .as("seed %d", seed)
                    .isEqualTo(signed(a).compareTo(signed(b)) < 0);
            assertThat(Words.equal(s, 0, 4)).as("seed %d", seed).isEqualTo(a.equals(b));
            assertThat(Words.isZero(s, 0)).as("seed %d", seed).isEqualTo(a.signum() == 0);
            assertThat(Words.leadingZeros(s, 0)).as("seed %d", seed).isEqualTo(256 - a.bitLength());
            assertThat(Words.clamp(s, 0))
                    .as("seed %d", seed)
                    .isEqualTo(a.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact());
        }
    }

    @Test
    void reading_and_writing_bytes_are_inverse() {
        byte[] bytes = new byte[40];
        for (int i = 0; i < 2000; i++) {
            BigInteger a = word(0);
            Words.write(s, 0, bytes, 5);
            Words.read(bytes, 5, s, 4);
            assertThat(value(4)).isEqualTo(a);
            int length = 1 + random.nextInt(32);
            Words.read(bytes, 37 - length, length, s, 4);
            assertThat(value(4)).isEqualTo(a.mod(BigInteger.ONE.shiftLeft(8 * length)));
        }
    }

    @Test
    void the_reciprocal_is_exact() {
        for (int i = 0; i < 200_000; i++) {
            long d = random.nextInt(4) == 0 ? Long.MIN_VALUE | limb() : Long.MIN_VALUE | random.nextLong();
            BigInteger exact = BigInteger.ONE
                    .shiftLeft(128)
                    .subtract(BigInteger.ONE)
                    .divide(new BigInteger(Long.toUnsignedString(d)))
                    .subtract(BigInteger.ONE.shiftLeft(64));
            assertThat(Reciprocal.of(d)).as("of %x, seed %d", d, seed).isEqualTo(exact.longValue());
        }
    }
}
