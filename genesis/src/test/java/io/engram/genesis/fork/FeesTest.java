package io.engram.genesis.fork;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Seeded;
import io.engram.genesis.Wei;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class FeesTest {

    @Test
    void theBaseFeeMovesByAnEighthAtMost() {
        Wei billion = Wei.of(1_000_000_000);
        assertThat(BaseFee.MARKET.next(billion, 10_000_000, 20_000_000)).isEqualTo(billion);
        assertThat(BaseFee.MARKET.next(billion, 9_000_000, 20_000_000)).isEqualTo(Wei.of(987_500_000));
        assertThat(BaseFee.MARKET.next(billion, 11_000_000, 20_000_000)).isEqualTo(Wei.of(1_012_500_000));
        assertThat(BaseFee.MARKET.next(billion, 20_000_000, 20_000_000)).isEqualTo(Wei.of(1_125_000_000));
        assertThat(BaseFee.MARKET.next(billion, 0, 20_000_000)).isEqualTo(Wei.of(875_000_000));
        assertThat(BaseFee.MARKET.next(Wei.of(7), 10_000_001, 20_000_000)).isEqualTo(Wei.of(8));
        assertThat(BaseFee.MARKET.next(Wei.of(7), 0, 20_000_000)).isEqualTo(Wei.of(7));
    }

    @Test
    void privateChainsMayFixTheBaseFee() {
        assertThat(BaseFee.ZERO.next(Wei.of(5), 20, 20)).isEqualTo(Wei.ZERO);
        assertThat(BaseFee.ZERO.initial()).isEqualTo(Wei.ZERO);
        assertThat(BaseFee.FIXED.next(Wei.of(5), 20, 20)).isEqualTo(Wei.of(5));
    }

    @Test
    void theFakeExponentialHasTheValuesOfEip4844() {
        long[][] cases = {
            {1, 0, 1, 1}, {38493, 0, 1000, 38493}, {0, 1234, 2345, 0}, {1, 2, 1, 6}, {1, 4, 2, 6}, {1, 3, 1, 16},
            {1, 6, 2, 18}, {1, 4, 1, 49}, {1, 8, 2, 50}, {10, 8, 2, 542}, {11, 8, 2, 596}, {1, 5, 1, 136},
            {1, 5, 2, 11}, {2, 5, 2, 23}, {1, 50_000_000, 2_225_652, 5_709_098_764L}
        };
        for (long[] one : cases) {
            assertThat(BlobGas.fakeExponential(
                            BigInteger.valueOf(one[0]), BigInteger.valueOf(one[1]), BigInteger.valueOf(one[2])))
                    .isEqualTo(one[3]);
        }
    }

    @Test
    void theBlobPriceIsBoundedHoweverLargeTheExcess() {
        assertThat(BlobGas.baseFee(0, BlobSchedule.CANCUN)).isEqualTo(Wei.of(1));
        assertThat(BlobGas.baseFee(2_314_057, BlobSchedule.CANCUN)).isEqualTo(Wei.of(1));
        assertThat(BlobGas.baseFee(2_314_058, BlobSchedule.CANCUN)).isEqualTo(Wei.of(2));
        assertThat(BlobGas.baseFee(10 << 20, BlobSchedule.CANCUN)).isEqualTo(Wei.of(23));
        assertThat(BlobGas.baseFee(Long.MAX_VALUE, BlobSchedule.CANCUN)
                        .toBigInteger()
                        .bitLength())
                .isEqualTo(256);
    }

    @Test
    void excessIsWhatExceedsTheTargetAndFromOsakaOnIsBoundToTheBaseFee() {
        long blob = BlobGas.GAS_PER_BLOB;
        BlobSchedule prague = BlobSchedule.PRAGUE;
        assertThat(BlobGas.excess(Fork.CANCUN, BlobSchedule.CANCUN, 0, 3 * blob, Wei.of(1)))
                .isZero();
        assertThat(BlobGas.excess(Fork.CANCUN, BlobSchedule.CANCUN, blob, 4 * blob, Wei.of(1)))
                .isEqualTo(2 * blob);
        assertThat(BlobGas.excess(Fork.PRAGUE, prague, 6 * blob, 6 * blob, BaseFee.INITIAL))
                .isEqualTo(6 * blob);
        assertThat(BlobGas.excess(Fork.OSAKA, prague, 6 * blob, 6 * blob, Wei.of(1)))
                .isEqualTo(6 * blob);
        assertThat(BlobGas.excess(Fork.OSAKA, prague, 6 * blob, 6 * blob, BaseFee.INITIAL))
                .isEqualTo(6 * blob + 2 * blob);
        assertThat(BlobGas.excess(Fork.OSAKA, prague, 0, 5 * blob, BaseFee.INITIAL))
                .isZero();
    }

    @Test
    void excessNeverFallsBelowZero() {
        Seeded.forSeeds(1_000, random -> {
            Fork fork = random.nextBoolean() ? Fork.OSAKA : Fork.PRAGUE;
            long excess = BlobGas.excess(
                    fork,
                    BlobSchedule.BPO1,
                    random.nextInt(1 << 26),
                    random.nextInt(16) * BlobGas.GAS_PER_BLOB,
                    Wei.of(random.nextInt(1 << 30)));
            assertThat(excess).isNotNegative();
        });
    }
}
