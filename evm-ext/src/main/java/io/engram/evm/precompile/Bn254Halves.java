package io.engram.evm.precompile;

import java.math.BigInteger;

/**
 * A number as first + second · λ modulo the order r, each below 2^127 in size and the first not negative; λ is what the
 * endomorphism (x, y) → (βx, y) of alt_bn128 multiplies by.
 *
 * <p>Source: Gallant, Lambert, Vanstone 2001, "Faster point multiplication on elliptic curves with efficient
 * endomorphisms". The vectors (2x + 1, -6x² - 2x) and (6x² + 4x + 1, 2x + 1), of determinant r, span the pairs (a, b) with
 * a + bλ = 0 modulo r.
 */
record Bn254Halves(BigInteger first, BigInteger second) {

    static final BigInteger LAMBDA = new BigInteger("4407920970296243842393367215006156084916469457145843978461");

    /** A root of 1 of third order in the field. */
    static final BigInteger BETA = new BigInteger("2203960485148121921418603742825762020974279258880205651966");

    private static final BigInteger X = BigInteger.valueOf(Bn254.X);

    /** 2x + 1. */
    private static final BigInteger SHORT = X.shiftLeft(1).add(BigInteger.ONE);

    /** 6x² + 2x. */
    private static final BigInteger LONG =
            X.multiply(X).multiply(BigInteger.valueOf(6)).add(X.shiftLeft(1));

    /** The halves of a number of any size that is not negative. */
    static Bn254Halves of(BigInteger k) {
        BigInteger u = k.multiply(SHORT).divide(Bn254.ORDER);
        BigInteger v = k.multiply(LONG).divide(Bn254.ORDER);
        BigInteger first = k.subtract(u.multiply(SHORT)).subtract(v.multiply(LONG.add(SHORT)));
        BigInteger second = u.multiply(LONG).subtract(v.multiply(SHORT));
        return new Bn254Halves(first, second);
    }
}
