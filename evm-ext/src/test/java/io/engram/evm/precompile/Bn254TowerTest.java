package io.engram.evm.precompile;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** The field of the pairing's values against polynomials of BigInteger. */
class Bn254TowerTest {

    /** The powers of w of the elements of Fp2 that a value holds, in order. */
    private static final int[] POWERS = {0, 2, 4, 1, 3, 5};

    private final long seed = System.nanoTime();
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    private final Bn254Fp2 f2 = new Bn254Fp2();
    private final Bn254Fp12 f = new Bn254Fp12(f2, new Bn254Fp6(f2));

    /** The coefficients in w of a value, where i is w⁶ - 9. */
    static BigInteger[] polynomial(long[] value) {
        BigInteger[] polynomial = new BigInteger[12];
        for (int i = 0; i < 6; i++) {
            BigInteger re = Bn254FpPropertyTest.value(value, 8 * i);
            BigInteger im = Bn254FpPropertyTest.value(value, 8 * i + 4);
            polynomial[POWERS[i]] =
                    re.subtract(im.multiply(BigInteger.valueOf(9))).mod(Bn254Fp.PRIME);
            polynomial[POWERS[i] + 6] = im;
        }
        return polynomial;
    }

    private long[] value() {
        long[] value = new long[Bn254Fp12.LIMBS];
        for (int i = 0; i < 12; i++) {
            Bn254Fp.set(value, 4 * i, Bn254FpPropertyTest.element(random));
        }
        return value;
    }

    @Test
    void productsSquaresAndInversesAgreeWithPolynomials() {
        for (int round = 0; round < 100; round++) {
            long[] x = value();
            long[] y = value();
            long[] z = new long[Bn254Fp12.LIMBS];
            String about = "seed " + seed;
            f.mul(z, 0, x, 0, y, 0);
            assertThat(polynomial(z)).as(about).isEqualTo(Bn254Textbook.multiplyTarget(polynomial(x), polynomial(y)));
            f.sqr(z, 0, x, 0);
            assertThat(polynomial(z)).as(about).isEqualTo(Bn254Textbook.multiplyTarget(polynomial(x), polynomial(x)));
            f.inv(y, 0, x, 0);
            f.mul(z, 0, x, 0, y, 0);
            assertThat(Bn254Fp12.isOne(z, 0)).as(about).isTrue();
        }
    }

    @Test
    void sparseProductsAgreeWithWholeOnes() {
        for (int round = 0; round < 50; round++) {
            long[] x = value();
            long[] line = value();
            long[] whole = new long[Bn254Fp12.LIMBS];
            Bn254Fp2.copy(whole, 0, line, 0);
            Bn254Fp2.copy(whole, 24, line, 8);
            Bn254Fp2.copy(whole, 32, line, 16);
            long[] y = new long[Bn254Fp12.LIMBS];
            f.mul(y, 0, x, 0, whole, 0);
            f.mulLine(x, 0, x, 0, line, 0);
            assertThat(x).as("seed " + seed).isEqualTo(y);
        }
    }

    @Test
    void frobeniusIsThePowerOfThePrime() {
        long[] x = value();
        long[] y = new long[Bn254Fp12.LIMBS];
        f.frobenius(y, 0, x, 0);
        assertThat(polynomial(y)).as("seed " + seed).isEqualTo(Bn254Textbook.power(polynomial(x), Bn254Fp.PRIME));
    }

    @Test
    void cyclotomicSquaresAgreeWithProducts() {
        for (int round = 0; round < 50; round++) {
            long[] x = value();
            long[] y = new long[Bn254Fp12.LIMBS];
            long[] z = new long[Bn254Fp12.LIMBS];
            // x^((p⁶ - 1)(p² + 1)) lies in the cyclotomic subgroup
            f.inv(y, 0, x, 0);
            f.conjugate(z, 0, x, 0);
            f.mul(x, 0, z, 0, y, 0);
            f.frobenius(y, 0, x, 0);
            f.frobenius(y, 0, y, 0);
            f.mul(x, 0, x, 0, y, 0);
            f.mul(y, 0, x, 0, x, 0);
            f.cyclotomicSqr(z, 0, x, 0);
            assertThat(z).as("seed " + seed).isEqualTo(y);
        }
    }
}
