package io.engram.evm.precompile;

import static io.engram.evm.precompile.Bn254Textbook.G1;
import static io.engram.evm.precompile.Bn254Textbook.G2;
import static io.engram.evm.precompile.Bn254Textbook.P;
import static io.engram.evm.precompile.Bn254Textbook.R;
import static io.engram.evm.precompile.Bn254Textbook.encode;
import static io.engram.evm.precompile.Bn254Textbook.join;
import static io.engram.evm.precompile.Bn254Textbook.multiply;
import static io.engram.evm.precompile.Bn254Textbook.negate;
import static io.engram.evm.precompile.Bn254Textbook.word;
import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.fork.Fork;
import java.math.BigInteger;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** The contracts on alt_bn128 against the textbook, and the laws of groups and pairings. */
class Bn254PropertyTest {

    private static final byte[] INFINITY = new byte[64];

    /** A prime that divides the order of the twist. */
    private static final BigInteger SMALL_ORDER = BigInteger.valueOf(10069);

    private final long seed = System.nanoTime();
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    private final Precompile add = Vector.contract(6, Fork.ISTANBUL);
    private final Precompile mul = Vector.contract(7, Fork.ISTANBUL);
    private final Precompile pairing = Vector.contract(8, Fork.ISTANBUL);

    private BigInteger number(int bits) {
        return Bn254Textbook.number(random, bits);
    }

    /** A multiple small enough for a slow sum. */
    private BigInteger[] point() {
        return multiply(G1, number(24).add(BigInteger.ONE));
    }

    @Test
    void sumsAgreeWithTheTextbook() {
        for (int round = 0; round < 100; round++) {
            BigInteger[] p = point();
            BigInteger[] q = round % 4 == 0 ? p : point();
            assertThat(add.run(join(encode(p), encode(q))))
                    .as("seed " + seed)
                    .hasValue(encode(Bn254Textbook.add(p, q)));
        }
        BigInteger[] p = point();
        assertThat(add.run(join(encode(p), encode(negate(p))))).hasValue(INFINITY);
        assertThat(add.run(join(encode(p), INFINITY))).hasValue(encode(p));
        assertThat(add.run(join(INFINITY, encode(p)))).hasValue(encode(p));
        assertThat(add.run(encode(p))).hasValue(encode(p));
        assertThat(add.run(new byte[0])).hasValue(INFINITY);
    }

    @Test
    void productsAgreeWithTheTextbook() {
        BigInteger one = BigInteger.ONE;
        BigInteger lambda = Bn254Halves.LAMBDA;
        BigInteger[] edges = {
            BigInteger.ZERO,
            one,
            BigInteger.TWO,
            R.subtract(one),
            R,
            R.add(one),
            R.shiftLeft(1).add(BigInteger.TWO),
            lambda,
            lambda.add(one),
            R.subtract(lambda),
            R.subtract(lambda).subtract(one),
            one.shiftLeft(127),
            one.shiftLeft(255),
            one.shiftLeft(256).subtract(one)
        };
        for (int round = 0; round < 30; round++) {
            BigInteger k = round < edges.length ? edges[round] : number(round % 5 == 0 ? 130 : 256);
            BigInteger[] p = point();
            assertThat(mul.run(join(encode(p), word(k))))
                    .as("seed " + seed + " times " + k)
                    .hasValue(encode(multiply(p, k)));
            assertThat(mul.run(join(INFINITY, word(k)))).hasValue(INFINITY);
        }
    }

    @Test
    void halvesAreSmallAndMakeUpTheNumber() {
        BigInteger bound = BigInteger.ONE.shiftLeft(127);
        for (int round = 0; round < 2000; round++) {
            BigInteger k = number(1 + random.nextInt(256));
            Bn254Halves halves = Bn254Halves.of(k);
            BigInteger sum = halves.second().multiply(Bn254Halves.LAMBDA).add(halves.first());
            String about = "seed " + seed + " number " + k;
            assertThat(sum.subtract(k).mod(R)).as(about).isZero();
            assertThat(halves.first()).as(about).isNotNegative().isLessThan(bound);
            assertThat(halves.second().abs()).as(about).isLessThan(bound);
        }
        assertThat(multiply(G1, Bn254Halves.LAMBDA)).isEqualTo(new BigInteger[] {Bn254Halves.BETA, BigInteger.TWO});
    }

    @Test
    void valuesOfPairingsAgreeWithTheTextbook() {
        BigInteger[] p = point();
        BigInteger[] q = multiply(G2, number(254));
        Bn254Fp2 f2 = new Bn254Fp2();
        Bn254Fp12 f12 = new Bn254Fp12(f2, new Bn254Fp6(f2));
        long[] g1 = new long[Bn254G1.LIMBS];
        long[] g2 = new long[Bn254G2.LIMBS];
        assertThat(Bn254G1.read(g1, 0, encode(p), 0)).isTrue();
        assertThat(Bn254G2.read(f2, g2, 0, encode(q), 0)).isTrue();
        long[] f = new long[Bn254Fp12.LIMBS];
        assertThat(new Bn254MillerLoop(f2, f12).run(f, g1, g2, 1)).isTrue();
        new Bn254FinalExponentiation(f12).apply(f);
        assertThat(Bn254TowerTest.polynomial(f)).as("seed " + seed).isEqualTo(Bn254Textbook.pair(p, q));
    }

    @Test
    void pairingIsBilinear() {
        for (int round = 0; round < 2; round++) {
            BigInteger a = number(253);
            BigInteger b = number(253);
            BigInteger c = number(253);
            byte[] g2 = encode(G2);
            // e(aG, Q)·e(bG, Q)·e(-(a + b)G, Q) = 1, and not with another last factor
            byte[] first = join(encode(multiply(G1, a)), g2, encode(multiply(G1, b)), g2);
            assertThat(pairing.run(join(first, encode(negate(multiply(G1, a.add(b)))), g2)))
                    .as("seed " + seed)
                    .hasValue(Input.word(true));
            assertThat(pairing.run(join(first, encode(multiply(G1, c)), g2)))
                    .as("seed " + seed)
                    .hasValue(Input.word(false));
            // e(abG, Q)·e(-aG, bQ) = 1
            byte[] both = join(
                    encode(multiply(G1, a.multiply(b).mod(R))),
                    g2,
                    encode(negate(multiply(G1, a))),
                    encode(multiply(G2, b)));
            assertThat(pairing.run(both)).as("seed " + seed).hasValue(Input.word(true));
        }
    }

    @Test
    void pairsWithInfinityCountAsOne() {
        BigInteger[] p = point();
        byte[] noTwist = new byte[128];
        byte[] pair = join(encode(p), encode(G2));
        byte[] opposite = join(encode(negate(p)), encode(G2));
        assertThat(pairing.run(join(encode(p), noTwist))).hasValue(Input.word(true));
        assertThat(pairing.run(join(INFINITY, encode(G2)))).hasValue(Input.word(true));
        assertThat(pairing.run(join(INFINITY, noTwist))).hasValue(Input.word(true));
        assertThat(pairing.run(pair)).hasValue(Input.word(false));
        assertThat(pairing.run(join(pair, INFINITY, encode(G2), encode(p), noTwist)))
                .hasValue(Input.word(false));
        assertThat(pairing.run(join(pair, INFINITY, encode(G2), opposite))).hasValue(Input.word(true));
    }

    @Test
    void subgroupCheckAgreesWithMultiplicationByTheOrder() {
        int inside = 0;
        for (int round = 0; round < 20; round++) {
            BigInteger[] point = Bn254Textbook.twistPoint(random);
            point = switch (round % 4) {
                case 0 -> multiply(point, Bn254Textbook.COFACTOR);
                case 1 -> multiply(point, R);
                case 2 -> ofSmallOrder(point);
                default -> point;
            };
            boolean expected = Bn254Textbook.isInfinity(multiply(point, R));
            boolean infinity = Bn254Textbook.isInfinity(point);
            byte[] encoded = encode(point);
            assertThat(pairing.run(join(INFINITY, encoded)).isPresent())
                    .as("seed " + seed)
                    .isEqualTo(expected);
            assertThat(pairing.run(join(encode(point()), encoded)).isPresent())
                    .as("seed " + seed)
                    .isEqualTo(expected);
            inside += expected && !infinity ? 1 : 0;
        }
        assertThat(inside).isGreaterThan(3);
    }

    /** Sums in the Miller loop meet equal and opposite points for one of small order. */
    private static BigInteger[] ofSmallOrder(BigInteger[] point) {
        return multiply(point, R.multiply(Bn254Textbook.COFACTOR).divide(SMALL_ORDER));
    }

    @Test
    void pointsOffTheCurveAndCoordinatesOfThePrimeFail() {
        assertThat(add.run(join(word(BigInteger.ONE), word(BigInteger.ONE)))).isEqualTo(Optional.empty());
        assertThat(add.run(join(word(P), word(BigInteger.ZERO)))).isEqualTo(Optional.empty());
        assertThat(mul.run(join(word(BigInteger.ONE), word(P.add(BigInteger.TWO)))))
                .isEqualTo(Optional.empty());
        BigInteger[] off = G2.clone();
        off[0] = off[0].add(BigInteger.ONE);
        assertThat(pairing.run(join(encode(G1), encode(off)))).isEqualTo(Optional.empty());
        BigInteger[] large = G2.clone();
        large[3] = P.add(large[3]);
        assertThat(pairing.run(join(encode(G1), encode(large)))).isEqualTo(Optional.empty());
    }
}
