package io.engram.genesis.fork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForkScheduleTest {

    private final ForkSchedule mixed = ForkSchedule.builder()
            .block(Fork.HOMESTEAD, 0)
            .block(Fork.BYZANTIUM, 10)
            .block(Fork.LONDON, 20)
            .terminalTotalDifficulty(UInt256.valueOf(1_000))
            .time(Fork.SHANGHAI, 500)
            .time(Fork.PRAGUE, 600)
            .time(Fork.OSAKA, 700)
            .bpo(1, 800)
            .bpo(2, 900)
            .build();

    @Test
    void aBlockFollowsTheLatestForkThatHasBegun() {
        assertThat(mixed.at(0, 0)).isEqualTo(Fork.HOMESTEAD);
        assertThat(mixed.at(9, 0)).isEqualTo(Fork.HOMESTEAD);
        assertThat(mixed.at(10, 0)).isEqualTo(Fork.BYZANTIUM);
        assertThat(mixed.at(20, 499)).isEqualTo(Fork.LONDON);
        assertThat(mixed.at(20, 500)).isEqualTo(Fork.SHANGHAI);
        assertThat(mixed.at(20, 650)).isEqualTo(Fork.PRAGUE);
        assertThat(mixed.at(20, -1L)).isEqualTo(Fork.OSAKA);
    }

    @Test
    void parisBeginsWithTheTerminalTotalDifficultyOfTheParent() {
        assertThat(mixed.at(30, 0, UInt256.valueOf(999))).isEqualTo(Fork.LONDON);
        assertThat(mixed.at(30, 0, UInt256.valueOf(1_000))).isEqualTo(Fork.PARIS);
        assertThat(mixed.at(30, 500, UInt256.ZERO)).isEqualTo(Fork.SHANGHAI);
        ForkSchedule netsplit =
                ForkSchedule.builder().block(Fork.LONDON, 0).mergeBlock(36).build();
        assertThat(netsplit.at(35, 0)).isEqualTo(Fork.LONDON);
        assertThat(netsplit.at(36, 0)).isEqualTo(Fork.PARIS);
    }

    @ParameterizedTest
    @EnumSource(Fork.class)
    void aScheduleOfOneForkHasItEverywhere(Fork fork) {
        ForkSchedule schedule = ForkSchedule.only(fork);
        assertThat(schedule.at(0, 0)).isEqualTo(fork);
        assertThat(schedule.at(1_000_000, 2_000_000_000L)).isEqualTo(fork);
        assertThat(schedule.forkIdBlocks()).isEmpty();
        assertThat(schedule.forkIdTimes()).isEmpty();
    }

    @Test
    void blobParametersChangeWithForksAndWithBlobParameterForks() {
        assertThat(mixed.blobSchedule(0)).isEqualTo(BlobSchedule.CANCUN);
        assertThat(mixed.blobSchedule(600)).isEqualTo(BlobSchedule.PRAGUE);
        assertThat(mixed.blobSchedule(700)).isEqualTo(BlobSchedule.PRAGUE);
        assertThat(mixed.blobSchedule(800)).isEqualTo(BlobSchedule.BPO1);
        assertThat(mixed.blobSchedule(1_000)).isEqualTo(BlobSchedule.BPO2);
    }

    @Test
    void theForkIdCoversEveryDistinctPointAfterGenesis() {
        assertThat(mixed.forkIdBlocks()).containsExactly(10L, 20L);
        assertThat(mixed.forkIdTimes()).containsExactly(500L, 600L, 700L, 800L, 900L);
    }

    @Test
    void forksOutOfOrderAreRefused() {
        assertThatThrownBy(() -> ForkSchedule.builder()
                        .block(Fork.BERLIN, 5)
                        .block(Fork.LONDON, 4)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LONDON");
        assertThatThrownBy(() -> ForkSchedule.builder()
                        .time(Fork.CANCUN, 5)
                        .time(Fork.PRAGUE, 4)
                        .build())
                .hasMessageContaining("PRAGUE");
    }

    @Test
    void theBombIsHeldBackFurtherWithEachDelay() {
        ForkSchedule schedule = ForkSchedule.builder()
                .block(Fork.BYZANTIUM, 1)
                .block(Fork.CONSTANTINOPLE, 2)
                .muirGlacier(3)
                .block(Fork.LONDON, 4)
                .arrowGlacier(5)
                .grayGlacier(6)
                .build();
        assertThat(schedule.bombDelay(0)).isZero();
        assertThat(schedule.bombDelay(1)).isEqualTo(3_000_000);
        assertThat(schedule.bombDelay(2)).isEqualTo(5_000_000);
        assertThat(schedule.bombDelay(3)).isEqualTo(9_000_000);
        assertThat(schedule.bombDelay(4)).isEqualTo(9_700_000);
        assertThat(schedule.bombDelay(5)).isEqualTo(10_700_000);
        assertThat(schedule.bombDelay(99)).isEqualTo(11_400_000);
    }
}
