package io.engram.evm.transaction;

import io.engram.evm.state.Limbs;
import io.engram.genesis.Wei;
import java.util.Arrays;

/**
 * What gas costs, in words of four limbs, the least significant first: as {@code BigInteger} would give it, without its
 * objects, as every transaction is charged three times.
 */
final class GasCost {

    private static final int LIMBS = 4;

    private GasCost() {}

    static long[] of(Wei amount) {
        long[] word = new long[LIMBS];
        Limbs.of(amount.value(), word, 0);
        return word;
    }

    /**
     * Multiplies {@code price} in place.
     *
     * @param gas not negative
     * @return whether the product fits; if not, the word holds its low 256 bits
     */
    static boolean multiply(long[] price, long gas) {
        long carry = 0;
        for (int i = 0; i < LIMBS; i++) {
            long low = price[i] * gas;
            long high = Math.unsignedMultiplyHigh(price[i], gas);
            long sum = low + carry;
            carry = high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
            price[i] = sum;
        }
        return carry == 0;
    }

    /** Adds to {@code sum} in place; whether the sum fits, as in {@link #multiply}. */
    static boolean add(long[] sum, long[] amount) {
        long carry = 0;
        for (int i = 0; i < LIMBS; i++) {
            long partial = sum[i] + amount[i];
            long first = Long.compareUnsigned(partial, amount[i]) < 0 ? 1 : 0;
            sum[i] = partial + carry;
            carry = first | (Long.compareUnsigned(sum[i], carry) < 0 ? 1 : 0);
        }
        return carry == 0;
    }

    /** Subtracts from {@code price} in place; 0 where {@code base} is more. */
    static void subtractOrZero(long[] price, long[] base) {
        long borrow = 0;
        for (int i = 0; i < LIMBS; i++) {
            long x = price[i];
            price[i] = x - base[i] - borrow;
            borrow = Long.compareUnsigned(x, base[i]) < 0 || (x == base[i] && borrow != 0) ? 1 : 0;
        }
        if (borrow != 0) {
            Arrays.fill(price, 0);
        }
    }
}
