package io.engram.evm.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.state.Limbs;
import io.engram.genesis.Wei;
import java.math.BigInteger;
import java.util.Random;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class GasCostTest {

    private static final int SEEDS = 20_000;
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

    @Test
    void productsSumsAndDifferencesAreThoseOfBigInteger() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            BigInteger price = word(random);
            BigInteger other = word(random);
            long gas = (random.nextLong() >>> 1) >>> random.nextInt(63);

            long[] product = GasCost.of(Wei.of(price));
            BigInteger expected = price.multiply(BigInteger.valueOf(gas));
            assertThat(GasCost.multiply(product, gas)).as("seed %d", seed).isEqualTo(expected.bitLength() <= 256);
            assertThat(value(product)).as("seed %d", seed).isEqualTo(expected.mod(MODULUS));

            long[] sum = GasCost.of(Wei.of(price));
            assertThat(GasCost.add(sum, GasCost.of(Wei.of(other))))
                    .as("seed %d", seed)
                    .isEqualTo(price.add(other).bitLength() <= 256);
            assertThat(value(sum))
                    .as("seed %d", seed)
                    .isEqualTo(price.add(other).mod(MODULUS));

            long[] difference = GasCost.of(Wei.of(price));
            GasCost.subtractOrZero(difference, GasCost.of(Wei.of(other)));
            assertThat(value(difference))
                    .as("seed %d", seed)
                    .isEqualTo(price.subtract(other).max(BigInteger.ZERO));
        }
    }

    /** Of any length, with limbs of zeros and of ones, where carries run through. */
    private static BigInteger word(Random random) {
        BigInteger word = BigInteger.ZERO;
        for (int i = 0; i < 4; i++) {
            long limb = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> -1;
                default -> random.nextLong();
            };
            word = word.shiftLeft(64).add(new BigInteger(Long.toUnsignedString(limb)));
        }
        return word.shiftRight(random.nextInt(257));
    }

    private static BigInteger value(long[] word) {
        UInt256 value = Limbs.toUInt256(word, 0);
        return value.toUnsignedBigInteger();
    }
}
