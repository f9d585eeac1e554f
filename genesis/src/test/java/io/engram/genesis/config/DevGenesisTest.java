package io.engram.genesis.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Requests;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.qbft.Qbft;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.system.SystemContracts;
import java.util.List;
import java.util.SortedMap;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class DevGenesisTest {

    private static final List<String> ADDRESSES = List.of(
            "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
            "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
            "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
            "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
            "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
            "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
            "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
            "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
            "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720");

    private static final Address VALIDATOR = Address.fromHex("0x00000000000000000000000000000000000000aa");

    @Test
    void theWellKnownKeysGiveTheWellKnownAddresses() {
        assertThat(DevAccounts.all())
                .extracting(KeyPair::address)
                .extracting(Address::toChecksumHex)
                .containsExactlyElementsOf(ADDRESSES);
    }

    @Test
    void everyAccountIsFundedAndEverySystemContractIsInPlace() throws InvalidGenesisException {
        SortedMap<Address, GenesisAccount> accounts = DevGenesis.of(VALIDATOR).accounts();
        for (KeyPair keys : DevAccounts.all()) {
            assertThat(account(accounts, keys.address()).balance()).isEqualTo(Wei.ofEther(10_000));
        }
        assertThat(account(accounts, SystemContracts.BEACON_ROOTS).code()).isEqualTo(SystemContracts.beaconRootsCode());
        assertThat(account(accounts, SystemContracts.BLOCK_HASHES).code()).isEqualTo(SystemContracts.blockHashesCode());
        assertThat(account(accounts, SystemContracts.WITHDRAWAL_REQUESTS).code())
                .isEqualTo(SystemContracts.withdrawalRequestsCode());
        assertThat(account(accounts, SystemContracts.CONSOLIDATION_REQUESTS).code())
                .isEqualTo(SystemContracts.consolidationRequestsCode());
        assertThat(account(accounts, SystemContracts.INFERENCE_GATEWAY).code())
                .isEqualTo(SystemContracts.gatewayCode());
        assertThat(account(accounts, SystemContracts.MODEL_REGISTRY).code()).isEqualTo(SystemContracts.registryCode());
        assertThat(accounts).hasSize(16);
    }

    @Test
    void theRegistryBeginsWithTheConfigurationAndTheValidators() throws InvalidGenesisException {
        GenesisFile file = DevGenesis.of(VALIDATOR);
        InferenceConfig config = file.config().inference().orElseThrow();
        SortedMap<UInt256, UInt256> storage =
                account(file.accounts(), SystemContracts.MODEL_REGISTRY).storage();
        assertThat(storage).containsEntry(UInt256.valueOf(1), UInt256.ONE);
        assertThat(storage)
                .containsEntry(
                        UInt256.fromHexString("0xb10e2d527612073b26eecdfd717e6a320cf44b4afac2b0732d9fcbe2b7fa0cf6"),
                        UInt256.valueOf(0xaa));
        assertThat(storage)
                .containsEntry(
                        UInt256.valueOf(3),
                        UInt256.fromBytes(InferenceConfigHash.of(config).toBytes()));
        assertThat(storage.get(UInt256.valueOf(4)))
                .isEqualTo(UInt256.valueOf(604_800).shiftLeft(192));
        assertThat(storage).containsEntry(UInt256.valueOf(5), UInt256.valueOf(86_400));
    }

    @Test
    void theHeaderHasEveryFieldOfOsakaAndTheValidatorAndTheVanity() throws Exception {
        GenesisFile file = DevGenesis.of(VALIDATOR);
        BlockHeader header = GenesisBlock.header(file, Hash.EMPTY_TRIE);
        assertThat(file.config().chainId()).isEqualTo(UInt256.valueOf(1337));
        assertThat(file.config().forks().at(0, 0)).isEqualTo(Fork.OSAKA);
        assertThat(file.config().hasher()).isEqualTo(QbftHasher.INSTANCE);
        assertThat(file.config().isInferenceActive(0)).isTrue();
        assertThat(file.config().inference().orElseThrow().activationDelay()).isZero();
        assertThat(header.gasLimit()).isEqualTo(60_000_000);
        assertThat(header.difficulty()).isEqualTo(Qbft.DIFFICULTY);
        assertThat(header.mixHash()).isEqualTo(Qbft.MIX_HASH);
        assertThat(header.baseFee()).contains(Wei.of(1_000_000_000));
        assertThat(header.withdrawalsRoot()).contains(Hash.EMPTY_TRIE);
        assertThat(header.blobGasUsed()).contains(0L);
        assertThat(header.excessBlobGas()).contains(0L);
        assertThat(header.parentBeaconBlockRoot()).contains(Hash.ZERO);
        assertThat(header.requestsHash()).contains(Requests.EMPTY_HASH);
        QbftExtraData data = QbftExtraDataCodec.decode(header.extraData());
        assertThat(data.validators()).containsExactly(VALIDATOR);
        assertThat(data.vanity()).isEqualTo(file.requiredVanity().orElseThrow());
        assertThat(GenesisBlock.of(file, Hash.EMPTY_TRIE).body().withdrawals()).contains(List.of());
    }

    private static GenesisAccount account(SortedMap<Address, GenesisAccount> accounts, Address address) {
        GenesisAccount account = accounts.get(address);
        assertThat(account).as(address.toHex()).isNotNull();
        return account;
    }
}
