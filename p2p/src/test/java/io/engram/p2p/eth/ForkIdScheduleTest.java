package io.engram.p2p.eth;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InferenceConfigHash;
import io.engram.genesis.fork.BaseFee;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.fork.ForkSchedule;
import io.engram.genesis.rlp.RlpException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForkIdScheduleTest {

    private static final Hash MAINNET_GENESIS =
            Hash.fromHex("0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3");
    private static final ForkIdSchedule MAINNET =
            ForkIdSchedule.of(config(mainnet(), Optional.empty()), MAINNET_GENESIS, 0);

    private static ForkSchedule mainnet() {
        return ForkSchedule.builder()
                .block(Fork.HOMESTEAD, 1_150_000)
                .daoFork(1_920_000)
                .block(Fork.TANGERINE_WHISTLE, 2_463_000)
                .block(Fork.SPURIOUS_DRAGON, 2_675_000)
                .block(Fork.BYZANTIUM, 4_370_000)
                .block(Fork.CONSTANTINOPLE, 7_280_000)
                .block(Fork.PETERSBURG, 7_280_000)
                .block(Fork.ISTANBUL, 9_069_000)
                .muirGlacier(9_200_000)
                .block(Fork.BERLIN, 12_244_000)
                .block(Fork.LONDON, 12_965_000)
                .arrowGlacier(13_773_000)
                .grayGlacier(15_050_000)
                .time(Fork.SHANGHAI, 1_681_338_455)
                .time(Fork.CANCUN, 1_710_338_135)
                .time(Fork.PRAGUE, 1_746_612_311)
                .time(Fork.OSAKA, 1_764_798_551)
                .bpo(1, 1_765_290_071)
                .bpo(2, 1_767_747_671)
                .build();
    }

    private static ChainConfig config(ForkSchedule forks, Optional<InferenceConfig> inference) {
        return new ChainConfig(UInt256.ONE, forks, BaseFee.MARKET, Optional.empty(), inference, Optional.empty());
    }

    /** The public values: EIP-2124, EIP-6122 and EIP-7607. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, fc64ec04, 1150000",
        "1149999, 0, fc64ec04, 1150000",
        "1150000, 0, 97c2c34c, 1920000",
        "1919999, 0, 97c2c34c, 1920000",
        "1920000, 0, 91d1f948, 2463000",
        "2463000, 0, 7a64da13, 2675000",
        "2675000, 0, 3edd5b10, 4370000",
        "4370000, 0, a00bc324, 7280000",
        "7280000, 0, 668db0af, 9069000",
        "9069000, 0, 879d6e30, 9200000",
        "9200000, 0, e029e991, 12244000",
        "12244000, 0, 0eb440f6, 12965000",
        "12965000, 0, b715077d, 13773000",
        "13773000, 0, 20c327fc, 15050000",
        "15050000, 0, f0afd0e3, 1681338455",
        "20000000, 1681338454, f0afd0e3, 1681338455",
        "20000000, 1681338455, dce96c2d, 1710338135",
        "30000000, 1710338135, 9f3d2254, 1746612311",
        "30000000, 1746612311, c376cf8b, 1764798551",
        "30000000, 1764798551, 5167e2a6, 1765290071",
        "30000000, 1765290071, cba2a1c0, 1767747671",
        "30000000, 1767747671, 07c9462e, 0",
    })
    void theMainNetworkHasItsPublicForkIds(long number, long time, String hash, long next) {
        assertThat(MAINNET.at(number, time)).isEqualTo(new ForkId(Integer.parseUnsignedInt(hash, 16), next));
    }

    /** The cases that EIP-2124 lists for its validation rules, with those of time. */
    @ParameterizedTest
    @CsvSource({
        // Same state; what comes next is unknown or uncertain.
        "7987396, 0, 668db0af, 0, true",
        "7987396, 0, 668db0af, 18446744073709551615, true",
        "7279999, 0, a00bc324, 0, true",
        "7279999, 0, a00bc324, 7280000, true",
        "7279999, 0, a00bc324, 18446744073709551615, true",
        // The other side is behind and knows what comes next.
        "7987396, 0, a00bc324, 7280000, true",
        "7987396, 0, 3edd5b10, 4370000, true",
        // This side is behind.
        "7279999, 0, 668db0af, 0, true",
        "4369999, 0, a00bc324, 0, true",
        // The other side passed a fork without knowing it.
        "7987396, 0, a00bc324, 0, false",
        // A fork that this side does not know.
        "7987396, 0, 5cddc0e1, 0, false",
        "7279999, 0, 5cddc0e1, 0, false",
        // Another chain.
        "7987396, 0, afec6b27, 0, false",
        // The other side announces a fork that is behind this side already.
        "88888888, 1660000000, f0afd0e3, 88888888, false",
        "7279999, 0, a00bc324, 7279999, false",
        // Over forks by time.
        "20000000, 1681338455, f0afd0e3, 1681338455, true",
        "20000000, 1681338455, f0afd0e3, 0, false",
        "20000000, 1681338454, dce96c2d, 0, true",
        "30000000, 1767747671, 07c9462e, 1767747672, true",
        "30000000, 1767747672, 07c9462e, 1767747672, false",
    })
    void peersAreTakenAndRefusedAsTheRulesSay(long number, long time, String hash, String next, boolean accepted) {
        ForkId remote = new ForkId(Integer.parseUnsignedInt(hash, 16), Long.parseUnsignedLong(next));
        assertThat(MAINNET.accepts(remote, number, time)).isEqualTo(accepted);
    }

    private static InferenceConfig inference(long activation, long gasLimit) {
        return new InferenceConfig(
                activation,
                gasLimit,
                InferenceConfig.Gas.DEFAULT,
                InferenceConfig.Limits.DEFAULT,
                6_554,
                Wei.ZERO,
                Wei.ZERO,
                60,
                600,
                600);
    }

    private static ForkIdSchedule withInference(long activation, long gasLimit) {
        return ForkIdSchedule.of(
                config(ForkSchedule.only(Fork.OSAKA), Optional.of(inference(activation, gasLimit))), Hash.ZERO, 0);
    }

    @Test
    void inferenceAddsItsBlockAndItsConstantsWhereItBegins() {
        CRC32 crc = new CRC32();
        crc.update(Hash.ZERO.toArray());
        ForkIdSchedule schedule = withInference(100, 50_000_000);
        assertThat(schedule.at(99, 0)).isEqualTo(new ForkId((int) crc.getValue(), 100));

        crc.update(ByteBuffer.allocate(8).putLong(100).array());
        crc.update(InferenceConfigHash.of(inference(100, 50_000_000)).toArray());
        assertThat(schedule.at(100, 0)).isEqualTo(new ForkId((int) crc.getValue(), 0));
    }

    @Test
    void nodesWithDifferentConstantsPartAtTheActivation() {
        ForkIdSchedule here = withInference(100, 50_000_000);
        ForkIdSchedule there = withInference(100, 50_000_001);
        assertThat(here.accepts(there.at(99, 0), 99, 0)).isTrue();
        assertThat(here.accepts(there.at(100, 0), 100, 0)).isFalse();
        assertThat(here.accepts(there.at(100, 0), 99, 0)).isFalse();
        assertThat(here.accepts(here.at(100, 0), 99, 0)).isTrue();
    }

    @Test
    void anActivationInGenesisIsLeftToTheGenesisHash() {
        assertThat(withInference(0, 50_000_000).at(7, 7))
                .isEqualTo(ForkIdSchedule.of(config(ForkSchedule.only(Fork.OSAKA), Optional.empty()), Hash.ZERO, 0)
                        .at(7, 7));
    }

    @Test
    void theRecordEntryIsAListInAList() throws RlpException {
        ForkId id = new ForkId(0x97c2c34c, 1_920_000);
        assertThat(id.toRecordEntry().toHexString()).isEqualTo("0xcac98497c2c34c831d4c00");
        assertThat(ForkId.ofRecordEntry(id.toRecordEntry())).isEqualTo(id);
    }
}
