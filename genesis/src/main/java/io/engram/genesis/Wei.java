package io.engram.genesis;

import java.math.BigInteger;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * An amount of the chain's currency in its smallest unit, 0 to 2^256 − 1. Arithmetic that leaves that range throws, as
 * no valid state can hold such an amount.
 */
public record Wei(UInt256 value) implements Comparable<Wei> {

    public static final Wei ZERO = new Wei(UInt256.ZERO);

    public static Wei of(long amount) {
        return amount == 0 ? ZERO : new Wei(UInt256.valueOf(amount));
    }

    public static Wei of(BigInteger amount) {
        return new Wei(UInt256.valueOf(amount));
    }

    public static Wei of(UInt256 amount) {
        return new Wei(amount);
    }

    /** 10^18 wei times {@code amount}. */
    public static Wei ofEther(long amount) {
        return of(BigInteger.TEN.pow(18).multiply(BigInteger.valueOf(amount)));
    }

    /** @throws ArithmeticException on overflow */
    public Wei plus(Wei other) {
        return new Wei(value.addExact(other.value));
    }

    /** @throws ArithmeticException when {@code other} is larger */
    public Wei minus(Wei other) {
        return new Wei(value.subtractExact(other.value));
    }

    /** @throws ArithmeticException on overflow */
    public Wei times(long factor) {
        BigInteger product = value.toUnsignedBigInteger().multiply(BigInteger.valueOf(factor));
        if (product.bitLength() > 256) {
            throw new ArithmeticException("amount exceeds 256 bits");
        }
        return of(product);
    }

    public boolean isZero() {
        return value.isZero();
    }

    public BigInteger toBigInteger() {
        return value.toUnsignedBigInteger();
    }

    @Override
    public int compareTo(Wei other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toBigInteger().toString();
    }
}
