package io.engram.genesis.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Address;
import io.engram.genesis.Corpora;
import io.engram.genesis.Hash;
import io.engram.genesis.Seeded;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.HeaderHasher;
import io.engram.genesis.block.LogsBloom;
import io.engram.genesis.fork.BaseFee;
import io.engram.genesis.fork.BlobSchedule;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.system.RequestContracts;
import io.engram.genesis.system.SystemContracts;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenesisFileTest {

    private static final String CONTRACT_MODE =
            "0xe5a00000000000000000000000000000000000000000000000000000000000000000c0c080c0";

    private static GenesisFile withConfig(String config) throws InvalidGenesisException {
        return GenesisFile.parse("{\"config\":{\"chainId\":7," + config + "},\"gasLimit\":\"0x10000\",\"extraData\":\""
                + CONTRACT_MODE + "\"}");
    }

    private static InferenceConfig inference(String section) throws InvalidGenesisException {
        return withConfig("\"qbft\":{\"blockperiodseconds\":2},\"inference\":{" + section + "}")
                .config()
                .inference()
                .orElseThrow();
    }

    @Test
    void keysComeInAnyCaseAndNumbersInAnyForm() throws InvalidGenesisException {
        GenesisFile file = GenesisFile.parse("""
                {"config": {"CHAINID": "0x10", "londonblock": 0, "ShanghaiTime": "15"},
                 "difficulty": "131072", "GASLIMIT": 5000, "timestamp": "0x10", "nonce": "0x42", "extradata": "",
                 "alloc": {
                   "0000000000000000000000000000000000000001":
                     {"balance": "0x10", "nonce": "3", "code": "0x6000", "storage": {"0x1": "0x02", "02": "0x0"}},
                   "0x00000000000000000000000000000000000000Ff": {"balance": "1000000000000000000000"}}}
                """);
        assertThat(file.config().chainId()).isEqualTo(UInt256.valueOf(16));
        assertThat(file.config().forks().at(0, 14)).isEqualTo(Fork.LONDON);
        assertThat(file.config().forks().at(0, 15)).isEqualTo(Fork.SHANGHAI);
        assertThat(file.nonce()).isEqualTo(Bytes.fromHexString("0x0000000000000042"));
        assertThat(file.timestamp()).isEqualTo(16);
        GenesisAccount contract = file.alloc().get(Address.ofWord(0, 0, 1));
        assertThat(contract).isNotNull();
        assertThat(contract.nonce()).isEqualTo(3);
        assertThat(contract.code()).isEqualTo(Bytes.of(0x60, 0));
        assertThat(contract.storage()).hasSize(1).containsEntry(UInt256.ONE, UInt256.valueOf(2));
        assertThat(file.alloc().get(Address.ofWord(0, 0, 255)))
                .isEqualTo(GenesisAccount.withBalance(Wei.ofEther(1_000)));
    }

    @Test
    void unknownAndUnsupportedKeysAreNamed() {
        assertThatThrownBy(() -> withConfig("\"amsterdamTime\":5,\"verkle\":{}"))
                .isInstanceOf(InvalidGenesisException.class)
                .hasMessageContaining("config.amsterdamTime")
                .hasMessageContaining("config.verkle");
        assertThatThrownBy(() -> withConfig("\"clique\":{\"period\":1}")).hasMessageContaining("config.clique");
        assertThatThrownBy(() -> withConfig("\"ethash\":{\"fixeddifficulty\":1}"))
                .hasMessageContaining("config.ethash.fixeddifficulty");
        assertThatThrownBy(() -> withConfig("\"qbft\":{\"xemptyblockperiodseconds\":1}"))
                .hasMessageContaining("config.qbft.xemptyblockperiodseconds");
        assertThatThrownBy(() -> withConfig("\"qbft\":{},\"transitions\":{\"inference\":[]}"))
                .hasMessageContaining("config.transitions.inference");
        assertThatThrownBy(() -> GenesisFile.parse("{\"config\":{\"chainId\":1},\"gasLimit\":1,\"slot\":1}"))
                .hasMessageContaining("slot");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "{\"config\":1}",
                "{\"config\":{}}",
                "{\"config\":{\"chainId\":1}}",
                "{\"config\":{\"chainId\":-1},\"gasLimit\":1}",
                "{\"config\":{\"chainId\":1.5},\"gasLimit\":1}",
                "{\"config\":{\"chainId\":1,\"chainid\":1},\"gasLimit\":1}",
                "{\"config\":{\"chainId\":1,\"chainId\":1},\"gasLimit\":1}",
                "{\"config\":{\"chainId\":1},\"gasLimit\":\"0x8000000000000000\"}",
                "{\"config\":{\"chainId\":1},\"gasLimit\":1,\"number\":1}",
                "{\"config\":{\"chainId\":1},\"gasLimit\":1,\"alloc\":{\"0x1\":{}}}",
                "{\"config\":{\"chainId\":1},\"gasLimit\":1,\"mixHash\":\"zz\"}",
                "{\"config\":{\"chainId\":1},\"gasLimit\":1} {}"
            })
    void malformedFilesAreAnErrorWithAReason(String json) {
        assertThatThrownBy(() -> GenesisFile.parse(json))
                .isInstanceOf(InvalidGenesisException.class)
                .hasMessageMatching("(?s).+");
    }

    @Test
    void mutatedFilesEndInAFileOrInTheOneError() {
        Bytes valid = Bytes.wrap(DevGenesis.text().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        Seeded.forSeeds(500, random -> {
            String mutated =
                    new String(Seeded.mutate(random, valid).toArray(), java.nio.charset.StandardCharsets.ISO_8859_1);
            try {
                assertThat(GenesisFile.parse(mutated).gasLimit()).isNotNegative();
            } catch (InvalidGenesisException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            }
        });
    }

    @Test
    void qbftHasBesusDefaultsAndTransitionsChangeThemByBlock() throws InvalidGenesisException {
        ChainConfig chain = withConfig("""
                "qbft": {"blockperiodseconds": 2, "epochlength": 100, "miningbeneficiary": "", "blockreward": "0x5"},
                "transitions": {"qbft": [
                  {"block": 10, "blockperiodseconds": 4, "validatorselectionmode": "contract",
                   "validatorcontractaddress": "0x0000000000000000000000000000000000007777"},
                  {"block": 20, "miningbeneficiary": "0x0000000000000000000000000000000000000009",
                   "validators": ["0x0000000000000000000000000000000000000001"],
                   "validatorselectionmode": "blockheader"}]}
                """).config();
        QbftConfig qbft = chain.qbft().orElseThrow();
        assertThat(qbft.at(9, 0).blockPeriodSeconds()).isEqualTo(2);
        assertThat(qbft.at(9, 0).requestTimeoutSeconds()).isEqualTo(1);
        assertThat(qbft.at(9, 0).blockReward()).isEqualTo(Wei.of(5));
        assertThat(qbft.at(9, 0).limits()).isEqualTo(QbftConfig.MessageLimits.DEFAULT);
        assertThat(qbft.at(10, 0).blockPeriodSeconds()).isEqualTo(4);
        assertThat(qbft.at(10, 0).validatorContract()).contains(Address.ofWord(0, 0, 0x7777));
        assertThat(qbft.at(20, 0).validatorContract()).isEmpty();
        assertThat(qbft.at(20, 0).miningBeneficiary()).contains(Address.ofWord(0, 0, 9));
        assertThat(overrideAfter(qbft, header(18, 0), header(19, 0))).contains(List.of(Address.ofWord(0, 0, 1)));
        assertThat(overrideAfter(qbft, header(19, 0), header(20, 0))).isEmpty();
        assertThat(chain.requestContracts()).isEmpty();
        assertThat(chain.inference()).isEmpty();
        assertThatThrownBy(() -> withConfig("\"qbft\":{},\"transitions\":{\"qbft\":[{\"block\":0}]}"))
                .hasMessageContaining("ascending");
    }

    @Test
    void qbftTransitionsAlsoBeginAtATime() throws InvalidGenesisException {
        QbftConfig qbft = withConfig("""
                "qbft": {"blockperiodseconds": 2},
                "transitions": {"qbft": [
                  {"timestamp": 1000, "blockperiodseconds": 5,
                   "validators": ["0x0000000000000000000000000000000000000001"]}]}
                """).config().qbft().orElseThrow();
        assertThat(qbft.at(7, 999).blockPeriodSeconds()).isEqualTo(2);
        assertThat(qbft.at(7, 1000).blockPeriodSeconds()).isEqualTo(5);
        assertThat(overrideAfter(qbft, header(5, 990), header(6, 999))).isEmpty();
        assertThat(overrideAfter(qbft, header(5, 999), header(6, 1001))).contains(List.of(Address.ofWord(0, 0, 1)));
        assertThat(overrideAfter(qbft, header(5, 1000), header(6, 1002))).isEmpty();
        assertThatThrownBy(() -> withConfig("\"qbft\":{},\"transitions\":{\"qbft\":[{\"blockperiodseconds\":1}]}"))
                .hasMessageContaining("exactly one");
        assertThatThrownBy(() -> withConfig("\"qbft\":{},\"transitions\":{\"qbft\":[{\"block\":1,\"timestamp\":1}]}"))
                .hasMessageContaining("exactly one");
    }

    private static Optional<List<Address>> overrideAfter(QbftConfig qbft, BlockHeader grandparent, BlockHeader parent) {
        return qbft.validatorOverride(parent, Optional.of(grandparent));
    }

    private static BlockHeader header(long number, long timestamp) {
        return new BlockHeader(
                Hash.ZERO,
                Hash.EMPTY_LIST,
                Address.ZERO,
                Hash.EMPTY_TRIE,
                Hash.EMPTY_TRIE,
                Hash.EMPTY_TRIE,
                LogsBloom.EMPTY,
                UInt256.ONE,
                number,
                0,
                0,
                timestamp,
                Bytes.EMPTY,
                Hash.ZERO,
                Bytes.wrap(new byte[BlockHeader.NONCE_SIZE]),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void feesAndBlobsFollowTheConfiguration() throws InvalidGenesisException {
        assertThat(withConfig("\"zeroBaseFee\":true").config().baseFee()).isEqualTo(BaseFee.ZERO);
        assertThat(withConfig("\"fixedBaseFee\":true").config().baseFee()).isEqualTo(BaseFee.FIXED);
        ChainConfig chain = withConfig("""
                "cancunTime": 0, "bpo1Time": 50,
                "blobSchedule": {"cancun": {"target": 1, "max": 2, "baseFeeUpdateFraction": 3},
                                 "bpo1": {"target": 4, "max": 5, "baseFeeUpdateFraction": 6}}
                """).config();
        assertThat(chain.forks().blobSchedule(49)).isEqualTo(new BlobSchedule(1, 2, 3));
        assertThat(chain.forks().blobSchedule(50)).isEqualTo(new BlobSchedule(4, 5, 6));
        assertThat(chain.requestContracts()).contains(RequestContracts.MAINNET);
    }

    @Test
    void whatClientsReadDifferentlyIsRefused() throws InvalidGenesisException {
        assertThatThrownBy(() -> withConfig("\"constantinopleBlock\":5,\"istanbulBlock\":6"))
                .hasMessageContaining("petersburgBlock");
        assertThat(withConfig("\"constantinopleBlock\":5,\"istanbulBlock\":5")
                        .config()
                        .forks()
                        .at(5, 0))
                .isEqualTo(Fork.ISTANBUL);
        assertThatThrownBy(() -> withConfig("\"eip155Block\":5,\"eip158Block\":6"))
                .hasMessageContaining("eip158Block");
        assertThatThrownBy(() -> GenesisFile.parse("{\"config\":{\"chainId\":1},\"gasLimit\":1,\"extraData\":{}}"))
                .hasMessageContaining("extraData is not text");
    }

    @Test
    void aMergeThatIsPastAtGenesisMeansParis() throws InvalidGenesisException {
        assertThat(withConfig("\"londonBlock\":0,\"terminalTotalDifficulty\":0")
                        .config()
                        .forks()
                        .at(0, 0))
                .isEqualTo(Fork.PARIS);
        assertThat(withConfig("\"londonBlock\":0,\"terminalTotalDifficulty\":5,\"terminalTotalDifficultyPassed\":true")
                        .config()
                        .forks()
                        .at(0, 0))
                .isEqualTo(Fork.PARIS);
        assertThat(withConfig("\"londonBlock\":9,\"terminalTotalDifficulty\":5,\"terminalTotalDifficultyPassed\":true")
                        .config()
                        .forks()
                        .at(9, 0))
                .isEqualTo(Fork.LONDON);
    }

    @Test
    void inferenceHasTheDocumentedDefaults() throws InvalidGenesisException {
        InferenceConfig config = inference("");
        assertThat(config)
                .isEqualTo(new InferenceConfig(
                        0,
                        20_000_000,
                        InferenceConfig.Gas.DEFAULT,
                        InferenceConfig.Limits.DEFAULT,
                        32_768,
                        Wei.ZERO,
                        Wei.ZERO,
                        300,
                        302_400,
                        43_200));
        assertThat(inference("\"gas\":{\"perStep\":1},\"limits\":{\"maxSteps\":7},\"royaltyShare\":0"))
                .extracting(c -> c.gas().perStep(), c -> c.limits().maxSteps(), InferenceConfig::royaltyShare)
                .containsExactly(1L, 7L, 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"blockInferenceGasLimit\":16000000; 14689832",
                "\"gas\":{\"base\":1000000}; 15686832",
                "\"limits\":{\"maxSteps\":4097}; 4097",
                "\"gas\":{\"macsPerGas\":0}; macsPerGas",
                "\"royaltyShare\":65537; royaltyShare",
                "\"colour\":1; config.inference.colour",
                "\"limits\":{\"depth\":1}; config.inference.limits.depth"
            })
    void constantsUnderWhichAModelCouldNotRunAreRefused(String section, String message) {
        assertThatThrownBy(() -> inference(section))
                .isInstanceOf(InvalidGenesisException.class)
                .hasMessageContaining(message);
    }

    @Test
    void thePriceOfTheWorstSampleIsTheFormulaOfTheProtocol() {
        assertThat(InferenceConfig.Gas.DEFAULT.worstSample(InferenceConfig.Limits.DEFAULT))
                .isEqualTo(3_000
                        + 4_096 * 160
                        + 2_929_688
                        + 6_000_000 / 16
                        + 12_000_000 / 2
                        + (30 << 20) / 256
                        + (16 << 20) / 32
                        + (4 << 20) / 32 * 3
                        + 30 * 1_024 * 120);
    }

    @Test
    void theInferenceHashDependsOnEveryConstant() throws InvalidGenesisException {
        Hash hash = InferenceConfigHash.of(inference(""));
        assertThat(hash).isEqualTo(InferenceConfigHash.of(inference("\"activationBlock\":0")));
        for (String section : List.of(
                "\"activationBlock\":1",
                "\"blockInferenceGasLimit\":30000001",
                "\"gas\":{\"coldPerKib\":15}",
                "\"limits\":{\"maxBatch\":1023}",
                "\"royaltyShare\":1",
                "\"minRoyaltyPrice\":1",
                "\"pricePerByte\":1",
                "\"announcementExpiry\":1")) {
            assertThat(InferenceConfigHash.of(inference(section))).as(section).isNotEqualTo(hash);
        }
    }

    @Test
    void aQbftGenesisWithTheWrongVanityOrWithoutValidatorsIsRefused() throws InvalidGenesisException {
        GenesisFile inferring = withConfig("\"qbft\":{},\"inference\":{}");
        assertThatThrownBy(() -> GenesisBlock.header(inferring, Hash.ZERO)).hasMessageContaining("no validators");
        GenesisFile ready = inferring.withValidators(List.of(Address.ofWord(0, 0, 1)));
        assertThat(GenesisBlock.header(ready, Hash.ZERO).number()).isZero();
        GenesisFile plain = withConfig("\"qbft\":{}").withValidators(List.of(Address.ofWord(0, 0, 1)));
        assertThatThrownBy(() -> GenesisBlock.header(inferring.withExtraData(plain.extraData()), Hash.ZERO))
                .hasMessageContaining("vanity")
                .hasMessageContaining(inferring.requiredVanity().orElseThrow().toHex());
        assertThatThrownBy(() -> withConfig("\"inference\":{}")).hasMessageContaining("qbft");
    }

    @Test
    void otherCodeAtThePredeploysAddressesIsRefused() throws InvalidGenesisException {
        GenesisFile file = GenesisFile.parse("{\"config\":{\"chainId\":7,\"qbft\":{},\"inference\":{}},\"gasLimit\":1,"
                        + "\"alloc\":{\"" + SystemContracts.INFERENCE_GATEWAY + "\":{\"code\":\"0x00\"}}}")
                .withValidators(List.of(Address.ofWord(0, 0, 1)));
        assertThatThrownBy(file::accounts)
                .isInstanceOf(InvalidGenesisException.class)
                .hasMessageContaining("a1000");
    }

    @Test
    void theGenesisOfTheRpcTestsGivesItsKnownBlock() throws Exception {
        GenesisFile file = GenesisFile.read(Corpora.require("rpc-compat/tests/genesis.json"));
        Hash stateRoot = Hash.fromHex("0xdc43f460541a253c0f64b6943ef83fa3bd601699a255622f088d46f7fde359fc");
        assertThat(HeaderHasher.KECCAK.hash(GenesisBlock.header(file, stateRoot)))
                .isEqualTo(Hash.fromHex("0x44fd89d504659cd58f48f4796b77a7e7012cf296a2409afa2f6c3cb99b5b3d99"));
        assertThat(file.alloc()).hasSize(27);
        assertThat(file.config().forks().at(35, 0)).isEqualTo(Fork.LONDON);
        assertThat(file.config().forks().at(36, 0)).isEqualTo(Fork.PARIS);
        assertThat(file.config().forks().at(54, 540)).isEqualTo(Fork.OSAKA);
        assertThat(file.config().forks().blobSchedule(540)).isEqualTo(BlobSchedule.BPO2);
        assertThat(file.config().qbft()).isEqualTo(Optional.empty());

        // EIP-2124: CRC-32 over the genesis hash and every fork that has passed.
        CRC32 forkId = new CRC32();
        forkId.update(
                HeaderHasher.KECCAK.hash(GenesisBlock.header(file, stateRoot)).toArray());
        for (long passed : file.config().forks().forkIdBlocks()) {
            forkId.update(ByteBuffer.allocate(8).putLong(0, passed));
        }
        for (long passed : file.config().forks().forkIdTimes()) {
            forkId.update(ByteBuffer.allocate(8).putLong(0, passed));
        }
        assertThat(forkId.getValue()).isEqualTo(0xe272ecbeL);
    }
}
