package io.engram.inference.transformer;

/** The error function, the same on every machine. */
final class ErrorFunction {

    /** Beyond it the function is 1 to the last bit of a double. */
    private static final double ONE = 6;

    /** Up to it the series converges without loss. */
    private static final double SERIES = 2.5;

    private static final int FRACTION_DEPTH = 60;

    private ErrorFunction() {}

    static double of(double x) {
        double magnitude = Math.abs(x);
        double value = magnitude >= ONE ? 1 : magnitude <= SERIES ? series(magnitude) : 1 - tail(magnitude);
        return x < 0 ? -value : value;
    }

    /** Abramowitz and Stegun 7.1.6: a series of positive terms. */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; term > sum * 0x1p-54; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / StrictMath.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
    }

    /** Abramowitz and Stegun 7.1.14: a continued fraction. */
    private static double tail(double x) {
        double fraction = x;
        for (int k = FRACTION_DEPTH; k >= 1; k--) {
            fraction = x + k / 2.0 / fraction;
        }
        return StrictMath.exp(-x * x) / (StrictMath.sqrt(Math.PI) * fraction);
    }
}
