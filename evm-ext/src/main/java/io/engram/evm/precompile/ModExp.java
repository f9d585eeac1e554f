package io.engram.evm.precompile;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/**
 * base ^ exponent mod modulus of numbers of any length: three 32-byte lengths, then the numbers, big-endian. Source:
 * EIP-198; gas: EIP-2565, EIP-7883; bound on lengths: EIP-7823.
 */
final class ModExp implements Precompile {

    /**
     * The longest operand in bytes that is ever computed with. A longer one costs more than 100 million gas under every
     * rule set that allows it, which no block holds; such a call fails.
     */
    private static final int MAX_OPERAND = 1 << 28;

    private static final int HEADER = 96;

    private final ModExpPricing pricing;

    ModExp(ModExpPricing pricing) {
        this.pricing = pricing;
    }

    @Override
    public long gas(byte[] input) {
        byte[] header = Input.slice(input, 0, HEADER);
        BigInteger base = new BigInteger(1, header, 0, 32);
        BigInteger exponent = new BigInteger(1, header, 32, 32);
        BigInteger modulus = new BigInteger(1, header, 64, 32);
        return pricing.gas(base.max(modulus), exponent, headBits(input, base, exponent));
    }

    /** The bit length of the first 32 bytes of the exponent, or of all of it where it is shorter. */
    private static int headBits(byte[] input, BigInteger baseLength, BigInteger exponentLength) {
        BigInteger start = baseLength.add(BigInteger.valueOf(HEADER));
        if (start.bitLength() > 31) {
            return 0;
        }
        int length = exponentLength.min(BigInteger.valueOf(32)).intValueExact();
        return new BigInteger(1, Input.slice(input, start.intValueExact(), length)).bitLength();
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        byte[] header = Input.slice(input, 0, HEADER);
        long baseLength = length(header, 0);
        long exponentLength = length(header, 32);
        long modulusLength = length(header, 64);
        if (Math.max(Math.max(baseLength, exponentLength), modulusLength) > pricing.maxLength()
                && pricing.maxLength() < MAX_OPERAND) {
            return Optional.empty();
        }
        if (modulusLength == 0 && baseLength == 0) {
            return Optional.of(new byte[0]);
        }
        if (baseLength > MAX_OPERAND || exponentLength > MAX_OPERAND || modulusLength > MAX_OPERAND) {
            return Optional.empty();
        }
        byte[] output = new byte[(int) modulusLength];
        BigInteger modulus = number(input, HEADER + baseLength + exponentLength, (int) modulusLength);
        if (modulus.bitLength() <= 1) {
            return Optional.of(output);
        }
        BigInteger exponent = number(input, HEADER + baseLength, (int) exponentLength);
        BigInteger base = number(input, HEADER, (int) baseLength);
        byte[] power = ModularPower.of(base, exponent, modulus).toByteArray();
        int from = power[0] == 0 ? 1 : 0;
        int length = power.length - from;
        System.arraycopy(power, from, output, output.length - length, length);
        return Optional.of(output);
    }

    /** A length of the header, or {@link Long#MAX_VALUE} where it has more than 31 bits. */
    private static long length(byte[] header, int offset) {
        return Input.isZero(header, offset, offset + 28)
                ? (long) Input.BIG_LONG.get(header, offset + 24)
                : Long.MAX_VALUE;
    }

    private static BigInteger number(byte[] input, long offset, int length) {
        if (offset >= input.length || length == 0) {
            return BigInteger.ZERO;
        }
        int from = (int) offset;
        int present = Math.min(length, input.length - from);
        if (present == length) {
            return new BigInteger(1, input, from, length);
        }
        return new BigInteger(1, Arrays.copyOf(Arrays.copyOfRange(input, from, from + present), length));
    }
}
