package io.engram.inference.operator;

/**
 * The multiplication by {@code multiplier · 2^−shift}, rounded half towards +∞: {@code (v·M + 2^(s−1)) >> s}.
 *
 * @param multiplier M, 0 to 2^31 − 1
 * @param shift s, 1 to 62
 */
public record Rescale(int multiplier, int shift) {

    public static final int MAX_SHIFT = 62;

    /** Changes no value. */
    public static final Rescale IDENTITY = new Rescale(1 << 30, 30);

    public Rescale {
        if (multiplier < 0 || shift < 1 || shift > MAX_SHIFT) {
            throw new IllegalArgumentException("multiplier " + multiplier + ", shift " + shift);
        }
    }
}
