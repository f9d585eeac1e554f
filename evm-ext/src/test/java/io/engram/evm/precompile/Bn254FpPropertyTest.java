package io.engram.evm.precompile;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** The fields of alt_bn128 and secp256r1 against BigInteger. */
class Bn254FpPropertyTest {

    private static final BigInteger P = Bn254Fp.PRIME;
    private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);

    private final long seed = System.nanoTime();
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

    /** A number below p, often near 0, near p, or with a Montgomery form of limbs nearly all zeros or ones. */
    static BigInteger element(RandomGenerator random) {
        return element(random, P);
    }

    private static BigInteger element(RandomGenerator random, BigInteger p) {
        BigInteger few = BigInteger.valueOf(random.nextInt(4));
        return switch (random.nextInt(6)) {
            case 0 -> few;
            case 1 -> p.subtract(BigInteger.ONE).subtract(few);
            case 2 -> {
                BigInteger form = BigInteger.ZERO;
                for (int i = 0; i < 4; i++) {
                    BigInteger limb = random.nextBoolean()
                            ? few
                            : WORD.subtract(BigInteger.ONE).subtract(few);
                    form = form.multiply(WORD).add(limb);
                }
                // any form below p is that of some element
                yield form.multiply(WORD.pow(4).modInverse(p)).mod(p);
            }
            default -> Bn254Textbook.number(random, 256).mod(p);
        };
    }

    /** The value of an element, which must be reduced. */
    static BigInteger value(long[] element, int at) {
        BigInteger form = form(element, at);
        assertThat(form).isLessThan(P);
        byte[] bytes = new byte[32];
        Bn254Fp.write(bytes, 0, element, at);
        return new BigInteger(1, bytes);
    }

    @Test
    void fieldOfTheCurveAgreesWithBigInteger() {
        BigInteger nine = BigInteger.valueOf(9);
        long[] a = new long[20];
        for (int round = 0; round < 3_000; round++) {
            BigInteger[] x = {element(random), element(random), element(random), element(random)};
            for (int i = 0; i < 4; i++) {
                Bn254Fp.set(a, 4 * i, x[i]);
            }
            String about = "seed " + seed + " " + List.of(x);
            Bn254Fp.mul(a, 16, a, 0, a, 4);
            assertThat(value(a, 16)).as(about).isEqualTo(x[0].multiply(x[1]).mod(P));
            Bn254Fp.sqr(a, 16, a, 0);
            assertThat(value(a, 16)).as(about).isEqualTo(x[0].multiply(x[0]).mod(P));
            Bn254Fp.mulAdd(a, 16, a, 0, a, 4, a, 8, a, 12);
            BigInteger sum = x[0].multiply(x[1]).add(x[2].multiply(x[3])).mod(P);
            assertThat(value(a, 16)).as(about).isEqualTo(sum);
            Bn254Fp.complement(a, 16, a, 8);
            Bn254Fp.mulAdd(a, 16, a, 0, a, 4, a, 16, a, 12);
            BigInteger difference = x[0].multiply(x[1]).subtract(x[2].multiply(x[3]));
            assertThat(value(a, 16)).as(about).isEqualTo(difference.mod(P));
            Bn254Fp.add(a, 16, a, 0, a, 4);
            assertThat(value(a, 16)).as(about).isEqualTo(x[0].add(x[1]).mod(P));
            Bn254Fp.sub(a, 16, a, 0, a, 4);
            assertThat(value(a, 16)).as(about).isEqualTo(x[0].subtract(x[1]).mod(P));
            Bn254Fp.dbl(a, 16, a, 0);
            assertThat(value(a, 16)).as(about).isEqualTo(x[0].shiftLeft(1).mod(P));
            Bn254Fp.triple(a, 16, a, 0);
            assertThat(value(a, 16))
                    .as(about)
                    .isEqualTo(x[0].multiply(BigInteger.valueOf(3)).mod(P));
            Bn254Fp.neg(a, 16, a, 0);
            assertThat(value(a, 16)).as(about).isEqualTo(x[0].negate().mod(P));
            Bn254Fp.nineTimesPlus(a, 16, a, 0, a, 4);
            assertThat(value(a, 16))
                    .as(about)
                    .isEqualTo(x[0].multiply(nine).add(x[1]).mod(P));
            Bn254Fp.complement(a, 16, a, 4);
            Bn254Fp.nineTimesPlus(a, 16, a, 0, a, 16);
            assertThat(value(a, 16))
                    .as(about)
                    .isEqualTo(x[0].multiply(nine).subtract(x[1]).mod(P));
            Bn254Fp.inv(a, 16, a, 0);
            BigInteger inverse = x[0].signum() == 0 ? BigInteger.ZERO : x[0].modInverse(P);
            assertThat(value(a, 16)).as(about).isEqualTo(inverse);
        }
    }

    @Test
    void onlyNumbersBelowThePrimeAreRead() {
        long[] z = new long[4];
        for (int i = 0; i < 5; i++) {
            BigInteger few = BigInteger.valueOf(i);
            assertThat(Bn254Fp.read(z, 0, Bn254Textbook.word(P.add(few)), 0)).isFalse();
            assertThat(Bn254Fp.read(z, 0, Bn254Textbook.word(P.subtract(few).subtract(BigInteger.ONE)), 0))
                    .isTrue();
            assertThat(value(z, 0)).isEqualTo(P.subtract(few).subtract(BigInteger.ONE));
        }
        assertThat(Bn254Fp.read(
                        z, 0, Bn254Textbook.word(BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE)), 0))
                .isFalse();
    }

    @Test
    void fieldsOfAnyPrimeAgreeWithBigInteger() {
        BigInteger p256 = new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
        for (BigInteger p : new BigInteger[] {P, p256}) {
            Field256 field = new Field256(p);
            long[] a = new long[12];
            for (int round = 0; round < 2_000; round++) {
                BigInteger x = element(random, p);
                BigInteger y = element(random, p);
                field.set(a, 0, x);
                field.set(a, 4, y);
                String about = "seed " + seed + " x " + x + " y " + y;
                field.mul(a, 8, a, 0, a, 4);
                assertThat(value(field, a)).as(about).isEqualTo(x.multiply(y).mod(p));
                field.add(a, 8, a, 0, a, 4);
                assertThat(value(field, a)).as(about).isEqualTo(x.add(y).mod(p));
                field.sub(a, 8, a, 0, a, 4);
                assertThat(value(field, a)).as(about).isEqualTo(x.subtract(y).mod(p));
                field.dbl(a, 8, a, 0);
                assertThat(value(field, a)).as(about).isEqualTo(x.add(x).mod(p));
                field.neg(a, 8, a, 0);
                assertThat(value(field, a)).as(about).isEqualTo(x.negate().mod(p));
            }
        }
    }

    private static BigInteger value(Field256 field, long[] element) {
        long[] plain = {1, 0, 0, 0};
        field.mul(plain, 0, element, 8, plain, 0);
        return form(plain, 0);
    }

    private static BigInteger form(long[] limbs, int at) {
        BigInteger form = BigInteger.ZERO;
        for (int i = 3; i >= 0; i--) {
            form = form.multiply(WORD).add(new BigInteger(Long.toUnsignedString(limbs[at + i])));
        }
        return form;
    }
}
