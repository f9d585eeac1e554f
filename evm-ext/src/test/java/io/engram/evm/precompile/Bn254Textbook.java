package io.engram.evm.precompile;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * alt_bn128 as in a textbook, on BigInteger: affine points, Fp12 as polynomials in w with w¹² = 18w⁶ - 82, where i is
 * w⁶ - 9. Points of G1 are two numbers, of the twist four: x and y, each real part first; zeros are infinity.
 */
final class Bn254Textbook {

    static final BigInteger P = Bn254Fp.PRIME;
    static final BigInteger R = Bn254.ORDER;

    /** The order of the twist is R times this. */
    static final BigInteger COFACTOR = P.shiftLeft(1).subtract(R);

    static final BigInteger[] G1 = {BigInteger.ONE, BigInteger.TWO};

    static final BigInteger[] G2 = {
        new BigInteger("10857046999023057135944570762232829481370756359578518086990519993285655852781"),
        new BigInteger("11559732032986387107991004021392285783925812861821192530917403151452391805634"),
        new BigInteger("8495653923123431417604973247489272438418190587263600148770280649306958101930"),
        new BigInteger("4082367875863433681332203403145435568316851327593401208105741076214120093531")
    };

    private static final BigInteger[] XI = {BigInteger.valueOf(9), BigInteger.ONE};

    /** 3/(9 + i). */
    private static final BigInteger[] TWIST_B = scale(invert(XI), BigInteger.valueOf(3));

    private Bn254Textbook() {}

    static BigInteger number(RandomGenerator random, int bits) {
        byte[] bytes = new byte[bits / 8 + 1];
        random.nextBytes(bytes);
        return new BigInteger(1, bytes).mod(BigInteger.ONE.shiftLeft(bits));
    }

    static boolean isInfinity(BigInteger[] point) {
        return Arrays.stream(point).allMatch(coordinate -> coordinate.signum() == 0);
    }

    /** Minus a point of either curve. */
    static BigInteger[] negate(BigInteger[] point) {
        BigInteger[] negative = point.clone();
        for (int i = point.length / 2; i < point.length; i++) {
            negative[i] = point[i].negate().mod(P);
        }
        return negative;
    }

    /** The sum of two points of the same curve: numbers of Fp are taken as such of Fp2. */
    static BigInteger[] add(BigInteger[] p, BigInteger[] q) {
        if (isInfinity(p) || isInfinity(q)) {
            return isInfinity(p) ? q : p;
        }
        if (p.length == 2) {
            BigInteger[] sum = add(widened(p), widened(q));
            return new BigInteger[] {sum[0], sum[2]};
        }
        if (Arrays.equals(p, negate(q))) {
            return new BigInteger[] {BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO};
        }
        BigInteger[] slope = slope(p, q);
        BigInteger[] x = minus(minus(times(slope, slope), x(p)), x(q));
        BigInteger[] y = minus(times(slope, minus(x(p), x)), y(p));
        return new BigInteger[] {x[0], x[1], y[0], y[1]};
    }

    static BigInteger[] multiply(BigInteger[] p, BigInteger k) {
        BigInteger[] product = new BigInteger[p.length];
        Arrays.fill(product, BigInteger.ZERO);
        for (int bit = k.bitLength() - 1; bit >= 0; bit--) {
            product = add(product, product);
            if (k.testBit(bit)) {
                product = add(product, p);
            }
        }
        return product;
    }

    /** A point of the twist with a random x; nearly none lies in the subgroup. */
    static BigInteger[] twistPoint(RandomGenerator random) {
        BigInteger quarter = P.add(BigInteger.ONE).shiftRight(2);
        while (true) {
            BigInteger[] x = {number(random, 256).mod(P), number(random, 256).mod(P)};
            BigInteger[] square = minus(times(times(x, x), x), scale(TWIST_B, BigInteger.ONE.negate()));
            // the root by the norm, as p = 3 mod 4: (re + √norm)/2 is the square of its real part
            BigInteger norm = square[0].pow(2).add(square[1].pow(2)).modPow(quarter, P);
            BigInteger half = BigInteger.TWO.modInverse(P);
            for (BigInteger sign : new BigInteger[] {norm, norm.negate()}) {
                BigInteger re = square[0].add(sign).multiply(half).mod(P).modPow(quarter, P);
                if (re.signum() != 0) {
                    BigInteger im =
                            square[1].multiply(half).multiply(re.modInverse(P)).mod(P);
                    BigInteger[] y = {re, im};
                    if (Arrays.equals(times(y, y), square)) {
                        return new BigInteger[] {x[0], x[1], re, im};
                    }
                }
            }
        }
    }

    /** The value of the optimal ate pairing for points other than infinity: twelve coefficients. */
    static BigInteger[] pair(BigInteger[] p, BigInteger[] q) {
        BigInteger loop =
                BigInteger.valueOf(Bn254.X).multiply(BigInteger.valueOf(6)).add(BigInteger.TWO);
        BigInteger[] f = one();
        BigInteger[] t = q;
        for (int bit = loop.bitLength() - 2; bit >= 0; bit--) {
            f = multiplyTarget(multiplyTarget(f, f), line(t, t, p));
            t = add(t, t);
            if (loop.testBit(bit)) {
                f = multiplyTarget(f, line(t, q, p));
                t = add(t, q);
            }
        }
        BigInteger[] image = frobenius(q);
        f = multiplyTarget(f, line(t, image, p));
        f = multiplyTarget(f, line(add(t, image), negate(frobenius(image)), p));
        return power(f, P.pow(12).subtract(BigInteger.ONE).divide(R));
    }

    static BigInteger[] one() {
        BigInteger[] one = new BigInteger[12];
        Arrays.fill(one, BigInteger.ZERO);
        one[0] = BigInteger.ONE;
        return one;
    }

    static BigInteger[] multiplyTarget(BigInteger[] a, BigInteger[] b) {
        BigInteger[] product = new BigInteger[23];
        Arrays.fill(product, BigInteger.ZERO);
        for (int i = 0; i < 12; i++) {
            for (int j = 0; j < 12 && a[i].signum() != 0; j++) {
                product[i + j] = product[i + j].add(a[i].multiply(b[j]));
            }
        }
        for (int i = 22; i >= 12; i--) {
            product[i - 6] = product[i - 6].add(product[i].multiply(BigInteger.valueOf(18)));
            product[i - 12] = product[i - 12].subtract(product[i].multiply(BigInteger.valueOf(82)));
        }
        BigInteger[] reduced = new BigInteger[12];
        for (int i = 0; i < 12; i++) {
            reduced[i] = product[i].mod(P);
        }
        return reduced;
    }

    static BigInteger[] power(BigInteger[] base, BigInteger exponent) {
        BigInteger[] power = one();
        for (int bit = exponent.bitLength() - 1; bit >= 0; bit--) {
            power = multiplyTarget(power, power);
            if (exponent.testBit(bit)) {
                power = multiplyTarget(power, base);
            }
        }
        return power;
    }

    static byte[] word(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] word = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, word, 32 - length, length);
        return word;
    }

    /** As EIP-196 and EIP-197 write points: on the twist the imaginary part first. */
    static byte[] encode(BigInteger[] point) {
        return point.length == 2
                ? join(word(point[0]), word(point[1]))
                : join(word(point[1]), word(point[0]), word(point[3]), word(point[2]));
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    /** The line through two points of the twist, moved to the curve by (x, y) → (xw², yw³), at p. */
    private static BigInteger[] line(BigInteger[] s, BigInteger[] t, BigInteger[] p) {
        BigInteger[] slope = slope(s, t);
        BigInteger[] line = one();
        line[0] = p[1].negate();
        place(line, 1, scale(slope, p[0]));
        place(line, 3, minus(y(s), times(slope, x(s))));
        return line;
    }

    /** Adds an element of Fp2 times w^at. */
    private static void place(BigInteger[] f, int at, BigInteger[] x) {
        f[at] = f[at].add(x[0]).subtract(x[1].multiply(BigInteger.valueOf(9)));
        f[at + 6] = f[at + 6].add(x[1]);
    }

    private static BigInteger[] slope(BigInteger[] p, BigInteger[] q) {
        return Arrays.equals(p, q)
                ? times(scale(times(x(p), x(p)), BigInteger.valueOf(3)), invert(scale(y(p), BigInteger.TWO)))
                : times(minus(y(q), y(p)), invert(minus(x(q), x(p))));
    }

    private static BigInteger[] frobenius(BigInteger[] q) {
        BigInteger sixth = P.subtract(BigInteger.ONE).divide(BigInteger.valueOf(6));
        BigInteger[] x = times(conjugate(x(q)), powerOfXi(sixth.shiftLeft(1)));
        BigInteger[] y = times(conjugate(y(q)), powerOfXi(sixth.multiply(BigInteger.valueOf(3))));
        return new BigInteger[] {x[0], x[1], y[0], y[1]};
    }

    private static BigInteger[] powerOfXi(BigInteger exponent) {
        BigInteger[] power = {BigInteger.ONE, BigInteger.ZERO};
        for (int bit = exponent.bitLength() - 1; bit >= 0; bit--) {
            power = times(power, power);
            if (exponent.testBit(bit)) {
                power = times(power, XI);
            }
        }
        return power;
    }

    private static BigInteger[] widened(BigInteger[] p) {
        return new BigInteger[] {p[0], BigInteger.ZERO, p[1], BigInteger.ZERO};
    }

    private static BigInteger[] x(BigInteger[] q) {
        return Arrays.copyOf(q, 2);
    }

    private static BigInteger[] y(BigInteger[] q) {
        return Arrays.copyOfRange(q, 2, 4);
    }

    private static BigInteger[] conjugate(BigInteger[] a) {
        return new BigInteger[] {a[0], a[1].negate()};
    }

    private static BigInteger[] minus(BigInteger[] a, BigInteger[] b) {
        return new BigInteger[] {a[0].subtract(b[0]).mod(P), a[1].subtract(b[1]).mod(P)};
    }

    private static BigInteger[] scale(BigInteger[] a, BigInteger k) {
        return new BigInteger[] {a[0].multiply(k).mod(P), a[1].multiply(k).mod(P)};
    }

    private static BigInteger[] times(BigInteger[] a, BigInteger[] b) {
        return new BigInteger[] {
            a[0].multiply(b[0]).subtract(a[1].multiply(b[1])).mod(P),
            a[0].multiply(b[1]).add(a[1].multiply(b[0])).mod(P)
        };
    }

    private static BigInteger[] invert(BigInteger[] a) {
        return scale(conjugate(a), a[0].pow(2).add(a[1].pow(2)).modInverse(P));
    }
}
