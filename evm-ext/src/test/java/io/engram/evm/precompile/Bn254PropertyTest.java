package io.engram.evm.precompile;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.fork.Fork;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** alt_bn128 against affine arithmetic of BigInteger, and the laws of groups and pairings. */
class Bn254PropertyTest {

    private static final BigInteger P = Bn254Fp.PRIME;
    private static final BigInteger N = Bn254.ORDER;

    private static final BigInteger[] G1 = {BigInteger.ONE, BigInteger.TWO};
    private static final BigInteger[] INFINITY = {BigInteger.ZERO, BigInteger.ZERO};

    /** The generator of G2 of EIP-197 in the order of its encoding. */
    private static final String G2 = "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
            + "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
            + "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
            + "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa";

    private final long seed = System.nanoTime();
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    private final Precompile add = Vector.contract(6, Fork.ISTANBUL);
    private final Precompile mul = Vector.contract(7, Fork.ISTANBUL);
    private final Precompile pairing = Vector.contract(8, Fork.ISTANBUL);

    @Test
    void fieldArithmeticAgreesWithBigInteger() {
        BigInteger p256 = new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
        for (Field256 field : new Field256[] {Bn254.FIELD, new Field256(p256)}) {
            BigInteger p = field.prime();
            BigInteger[] edges = {
                BigInteger.ZERO,
                BigInteger.ONE,
                BigInteger.TWO,
                p.subtract(BigInteger.ONE),
                p.shiftRight(1),
                BigInteger.ONE.shiftLeft(64),
                BigInteger.ONE.shiftLeft(192),
                BigInteger.ONE.shiftLeft(253)
            };
            for (int round = 0; round < 3000; round++) {
                BigInteger x = round < 64 ? edges[round & 7] : number(256).mod(p);
                BigInteger y = round < 64 ? edges[round >> 3] : number(256).mod(p);
                long[] a = new long[8];
                field.set(a, 0, x);
                field.set(a, 4, y);
                String about = "seed " + seed + " x " + x + " y " + y;
                long[] z = new long[4];
                field.mul(z, 0, a, 0, a, 4);
                assertThat(value(field, z)).as(about).isEqualTo(x.multiply(y).mod(p));
                field.add(z, 0, a, 0, a, 4);
                assertThat(value(field, z)).as(about).isEqualTo(x.add(y).mod(p));
                field.sub(z, 0, a, 0, a, 4);
                assertThat(value(field, z)).as(about).isEqualTo(x.subtract(y).mod(p));
                field.dbl(z, 0, a, 0);
                assertThat(value(field, z)).as(about).isEqualTo(x.add(x).mod(p));
                field.neg(z, 0, a, 0);
                assertThat(value(field, z)).as(about).isEqualTo(x.negate().mod(p));
                field.half(z, 0, a, 0);
                assertThat(value(field, z))
                        .as(about)
                        .isEqualTo(x.multiply(BigInteger.TWO.modInverse(p)).mod(p));
                field.inv(z, 0, a, 0);
                assertThat(value(field, z)).as(about).isEqualTo(x.signum() == 0 ? BigInteger.ZERO : x.modInverse(p));
            }
        }
    }

    @Test
    void sumsAndProductsAgreeWithAffineArithmetic() {
        for (int round = 0; round < 40; round++) {
            BigInteger k = round == 0 ? N.subtract(BigInteger.ONE) : number(256);
            BigInteger[] p = oracleMul(G1, number(254));
            BigInteger[] q = round == 1 ? p : round == 2 ? negate(p) : oracleMul(G1, number(254));
            String about = "seed " + seed + " round " + round;
            assertThat(add.run(join(encode(p), encode(q)))).as(about).hasValue(encode(oracleAdd(p, q)));
            assertThat(mul.run(join(encode(p), word(k)))).as(about).hasValue(encode(oracleMul(p, k)));
        }
    }

    @Test
    void orderTimesAPointIsInfinity() {
        assertThat(mul.run(join(encode(oracleMul(G1, number(200))), word(N)))).hasValue(new byte[64]);
    }

    @Test
    void pairingIsBilinear() {
        for (int round = 0; round < 5; round++) {
            BigInteger a = number(253);
            BigInteger b = number(253);
            BigInteger c = number(253);
            byte[] g2 = Vector.bytes(G2);
            // e(aG, Q)·e(bG, Q)·e(-(a + b)G, Q) = 1, and not with another last factor
            byte[] pairs = join(
                    join(encode(oracleMul(G1, a)), g2),
                    join(encode(oracleMul(G1, b)), g2),
                    join(encode(negate(oracleMul(G1, a.add(b)))), g2));
            assertThat(pairing.run(pairs)).as("seed " + seed).hasValue(Input.word(true));
            byte[] others = join(
                    join(encode(oracleMul(G1, a)), g2),
                    join(encode(oracleMul(G1, b)), g2),
                    join(encode(oracleMul(G1, c)), g2));
            assertThat(pairing.run(others)).as("seed " + seed).hasValue(Input.word(false));
            // e(abG, Q)·e(-aG, bQ) = 1
            byte[] scaled = multiplyG2(b);
            byte[] both = join(
                    join(encode(oracleMul(G1, a.multiply(b).mod(N))), g2),
                    join(encode(negate(oracleMul(G1, a))), scaled));
            assertThat(pairing.run(both)).as("seed " + seed).hasValue(Input.word(true));
        }
    }

    @Test
    void subgroupCheckAgreesWithMultiplicationByTheOrder() {
        Bn254Fp2 f = new Bn254Fp2();
        Bn254G2 twist = new Bn254G2(f);
        int outside = 0;
        for (int round = 0; round < 20; round++) {
            long[] point = randomTwistPoint(f);
            long[] product = new long[Bn254G2.LIMBS];
            for (int bit = N.bitLength() - 1; bit >= 0; bit--) {
                twist.dbl(product, 0, product, 0);
                if (N.testBit(bit)) {
                    twist.add(product, 0, product, 0, point, 0);
                }
            }
            boolean inside = Bn254G2.isInfinity(product, 0);
            assertThat(twist.isInSubgroup(point, 0)).as("seed " + seed).isEqualTo(inside);
            outside += inside ? 0 : 1;
        }
        assertThat(outside).isPositive();
        long[] generator = new long[Bn254G2.LIMBS];
        assertThat(twist.read(generator, 0, Vector.bytes(G2), 0)).isTrue();
    }

    @Test
    void squaringsAndInverseOfTheTargetFieldAgreeWithItsProduct() {
        Bn254Fp2 f2 = new Bn254Fp2();
        Bn254Fp12 f = new Bn254Fp12(f2, new Bn254Fp6(f2));
        for (int round = 0; round < 50; round++) {
            long[] x = new long[Bn254Fp12.LIMBS];
            for (int i = 0; i < 12; i++) {
                Bn254.FIELD.set(x, 4 * i, number(256).mod(P));
            }
            long[] y = new long[Bn254Fp12.LIMBS];
            long[] z = new long[Bn254Fp12.LIMBS];
            f.sqr(y, 0, x, 0);
            f.mul(z, 0, x, 0, x, 0);
            assertThat(y).as("seed " + seed).isEqualTo(z);
            f.inv(y, 0, x, 0);
            f.mul(z, 0, x, 0, y, 0);
            assertThat(Bn254Fp12.isOne(z, 0)).as("seed " + seed).isTrue();
            // x^((p⁶ - 1)(p² + 1)) lies in the cyclotomic subgroup
            f.conjugate(z, 0, x, 0);
            f.mul(x, 0, z, 0, y, 0);
            f.frobenius(y, 0, x, 0);
            f.frobenius(y, 0, y, 0);
            f.mul(x, 0, x, 0, y, 0);
            f.sqr(y, 0, x, 0);
            f.cyclotomicSqr(z, 0, x, 0);
            assertThat(z).as("seed " + seed).isEqualTo(y);
        }
    }

    @Test
    void fieldOfTheCurveAgreesWithBigInteger() {
        BigInteger half = BigInteger.TWO.modInverse(P);
        long[] a = new long[20];
        for (int round = 0; round < 4000; round++) {
            BigInteger[] x = {element(), element(), element(), element()};
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
            Bn254Fp.neg(a, 16, a, 0);
            assertThat(value(a, 16)).as(about).isEqualTo(x[0].negate().mod(P));
            Bn254Fp.half(a, 16, a, 0);
            assertThat(value(a, 16)).as(about).isEqualTo(x[0].multiply(half).mod(P));
            Bn254Fp.inv(a, 16, a, 0);
            BigInteger inverse = x[0].signum() == 0 ? BigInteger.ZERO : x[0].modInverse(P);
            assertThat(value(a, 16)).as(about).isEqualTo(inverse);
        }
    }

    /** A number below p; every second time near 0, near p, or one whose Montgomery form has limbs of zeros and ones. */
    private BigInteger element() {
        BigInteger few = BigInteger.valueOf(random.nextInt(4));
        return switch (random.nextInt(6)) {
            case 0 -> few;
            case 1 -> P.subtract(BigInteger.ONE).subtract(few);
            case 2 -> {
                BigInteger form = BigInteger.ZERO;
                for (int i = 0; i < 4; i++) {
                    BigInteger limb = random.nextBoolean()
                            ? few
                            : BigInteger.ONE
                                    .shiftLeft(64)
                                    .subtract(BigInteger.ONE)
                                    .subtract(few);
                    form = form.shiftLeft(64).or(limb);
                }
                // read back as the form itself: any form below p is that of some element
                yield form.mod(P)
                        .multiply(BigInteger.ONE.shiftLeft(256).modInverse(P))
                        .mod(P);
            }
            default -> number(256).mod(P);
        };
    }

    private static BigInteger value(long[] element, int at) {
        byte[] bytes = new byte[32];
        Bn254Fp.write(bytes, 0, element, at);
        assertThat(bytes).isEqualTo(word(new BigInteger(1, bytes).mod(P)));
        return new BigInteger(1, bytes);
    }

    private BigInteger number(int bits) {
        byte[] bytes = new byte[bits / 8 + 1];
        random.nextBytes(bytes);
        return new BigInteger(1, bytes).mod(BigInteger.ONE.shiftLeft(bits));
    }

    private static BigInteger value(Field256 field, long[] element) {
        byte[] bytes = new byte[32];
        field.write(bytes, 0, element, 0);
        return new BigInteger(1, bytes);
    }

    /** A point of the twist with a random x; nearly none lies in the subgroup. p = 3 mod 4 gives the square root. */
    private long[] randomTwistPoint(Bn254Fp2 f) {
        while (true) {
            long[] point = new long[Bn254G2.LIMBS];
            Bn254.FIELD.set(point, 0, number(256).mod(P));
            Bn254.FIELD.set(point, 4, number(256).mod(P));
            Bn254Fp2.setOne(point, 16);
            long[] square = new long[8];
            long[] b = new long[8];
            Bn254G2.copyB(b, 0);
            f.sqr(square, 0, point, 0);
            f.mul(square, 0, square, 0, point, 0);
            f.add(square, 0, square, 0, b, 0);
            // the root by the norm: (re + √norm)/2 is the square of its real part
            byte[] bytes = new byte[64];
            Bn254.FIELD.write(bytes, 0, square, 0);
            Bn254.FIELD.write(bytes, 32, square, 4);
            BigInteger re = new BigInteger(1, bytes, 0, 32);
            BigInteger im = new BigInteger(1, bytes, 32, 32);
            BigInteger quarter = P.add(BigInteger.ONE).shiftRight(2);
            BigInteger norm = re.multiply(re).add(im.multiply(im)).mod(P).modPow(quarter, P);
            for (BigInteger sign : new BigInteger[] {norm, P.subtract(norm)}) {
                BigInteger half =
                        re.add(sign).multiply(BigInteger.TWO.modInverse(P)).mod(P);
                BigInteger y0 = half.modPow(quarter, P);
                if (y0.signum() == 0) {
                    continue;
                }
                BigInteger y1 = im.multiply(y0.shiftLeft(1).modInverse(P)).mod(P);
                Bn254.FIELD.set(point, 8, y0);
                Bn254.FIELD.set(point, 12, y1);
                long[] check = new long[8];
                f.sqr(check, 0, point, 8);
                if (Bn254Fp2.equal(check, 0, square, 0)) {
                    return point;
                }
            }
        }
    }

    private static byte[] multiplyG2(BigInteger k) {
        Bn254Fp2 f = new Bn254Fp2();
        Bn254G2 twist = new Bn254G2(f);
        long[] generator = new long[Bn254G2.LIMBS];
        twist.read(generator, 0, Vector.bytes(G2), 0);
        long[] product = new long[Bn254G2.LIMBS];
        for (int bit = k.bitLength() - 1; bit >= 0; bit--) {
            twist.dbl(product, 0, product, 0);
            if (k.testBit(bit)) {
                twist.add(product, 0, product, 0, generator, 0);
            }
        }
        long[] inverse = new long[8];
        f.inv(inverse, 0, product, 16);
        long[] square = new long[8];
        f.sqr(square, 0, inverse, 0);
        f.mul(product, 0, product, 0, square, 0);
        f.mul(square, 0, square, 0, inverse, 0);
        f.mul(product, 8, product, 8, square, 0);
        byte[] encoded = new byte[128];
        Bn254.FIELD.write(encoded, 0, product, 4);
        Bn254.FIELD.write(encoded, 32, product, 0);
        Bn254.FIELD.write(encoded, 64, product, 12);
        Bn254.FIELD.write(encoded, 96, product, 8);
        return encoded;
    }

    private static BigInteger[] negate(BigInteger[] p) {
        return new BigInteger[] {p[0], p[1].negate().mod(P)};
    }

    private static BigInteger[] oracleAdd(BigInteger[] p, BigInteger[] q) {
        if (p[0].signum() == 0 && p[1].signum() == 0) {
            return q;
        }
        if (q[0].signum() == 0 && q[1].signum() == 0) {
            return p;
        }
        BigInteger slope;
        if (p[0].equals(q[0])) {
            if (!p[1].equals(q[1])) {
                return INFINITY.clone();
            }
            slope = p[0].pow(2)
                    .multiply(BigInteger.valueOf(3))
                    .multiply(p[1].shiftLeft(1).modInverse(P));
        } else {
            slope = q[1].subtract(p[1]).multiply(q[0].subtract(p[0]).mod(P).modInverse(P));
        }
        BigInteger x = slope.pow(2).subtract(p[0]).subtract(q[0]).mod(P);
        BigInteger y = slope.multiply(p[0].subtract(x)).subtract(p[1]).mod(P);
        return new BigInteger[] {x, y};
    }

    private static BigInteger[] oracleMul(BigInteger[] p, BigInteger k) {
        BigInteger[] product = INFINITY.clone();
        for (int bit = k.bitLength() - 1; bit >= 0; bit--) {
            product = oracleAdd(product, product);
            if (k.testBit(bit)) {
                product = oracleAdd(product, p);
            }
        }
        return product;
    }

    private static byte[] word(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] word = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, word, 32 - length, length);
        return word;
    }

    private static byte[] encode(BigInteger[] point) {
        return join(word(point[0]), word(point[1]));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    @Test
    void pointsOffTheCurveAndCoordinatesOfThePrimeFail() {
        assertThat(add.run(join(word(BigInteger.ONE), word(BigInteger.ONE)))).isEqualTo(Optional.empty());
        assertThat(add.run(join(word(P), word(BigInteger.ZERO)))).isEqualTo(Optional.empty());
        assertThat(mul.run(join(word(BigInteger.ONE), word(P.add(BigInteger.TWO)))))
                .isEqualTo(Optional.empty());
    }
}
