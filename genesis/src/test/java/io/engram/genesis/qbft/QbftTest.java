package io.engram.genesis.qbft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Seeded;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.HeaderHasher;
import io.engram.genesis.block.MainnetGenesis;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.transaction.RandomTransactions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QbftTest {

    private static final String ZERO_VANITY = "a0" + "00".repeat(32);
    private static final Address ONE = Address.fromHex("0x0000000000000000000000000000000000000001");
    private static final Address TWO = Address.fromHex("0x0000000000000000000000000000000000000002");

    @Test
    void contractModeIsTheKnownEmptyForm() {
        QbftExtraData empty = new QbftExtraData(Hash.ZERO, List.of(), Optional.empty(), 0, List.of());
        assertThat(QbftExtraDataCodec.encode(empty)).isEqualTo(Bytes.fromHexString("0xe5" + ZERO_VANITY + "c0c080c0"));
    }

    @Test
    void everyPartHasItsPlace() {
        QbftExtraData data = new QbftExtraData(
                Hash.ZERO,
                List.of(ONE, TWO),
                Optional.of(new QbftExtraData.Vote(ONE, true)),
                0x00fedcba,
                List.of(Bytes.repeat((byte) 1, 65), Bytes.repeat((byte) 0xa, 65)));
        assertThat(QbftExtraDataCodec.encode(data))
                .isEqualTo(Bytes.fromHexString("0xf8f0" + ZERO_VANITY + "ea94"
                        + ONE.toHex().substring(2) + "94"
                        + TWO.toHex().substring(2) + "d794" + ONE.toHex().substring(2) + "81ff83fedcbaf886b841"
                        + "01".repeat(65) + "b841" + "0a".repeat(65)));
        QbftExtraData drop =
                new QbftExtraData(Hash.ZERO, List.of(), Optional.of(new QbftExtraData.Vote(ONE, false)), 0, List.of());
        assertThat(QbftExtraDataCodec.encode(drop).toHexString())
                .contains("d694" + ONE.toHex().substring(2) + "80");
    }

    @Test
    void extraDataComesBack() {
        Seeded.forSeeds(500, random -> {
            QbftExtraData data = data(random);
            assertThat(QbftExtraDataCodec.decode(QbftExtraDataCodec.encode(data)))
                    .isEqualTo(data);
        });
    }

    @Test
    void mutatedExtraDataIsRefusedOrEncodesToItself() {
        Seeded.forSeeds(10_000, random -> {
            Bytes mutated = Seeded.mutate(random, QbftExtraDataCodec.encode(data(random)));
            try {
                assertThat(QbftExtraDataCodec.encode(QbftExtraDataCodec.decode(mutated)))
                        .isEqualTo(mutated);
            } catch (RlpException e) {
                assertThat(e).hasMessageMatching(".+");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"c0c080", "c0c080c0c0", "c0c08000c0", "c0c000c0", "c0c101c0", "80c080c0"})
    void otherShapesAreRefused(String tail) {
        Bytes items = Bytes.fromHexString("0x" + ZERO_VANITY + tail);
        Bytes encoded = Bytes.concatenate(Bytes.of(0xc0 + items.size()), items);
        assertThatThrownBy(() -> QbftExtraDataCodec.decode(encoded)).isInstanceOf(RlpException.class);
    }

    @Test
    void theOnChainHashLeavesOutRoundAndSealsAndTheSealHashKeepsTheRound() throws RlpException {
        BlockHeader decided = header(7, 3, List.of(Bytes.repeat((byte) 9, 65)));
        BlockHeader bare = header(7, 0, List.of());
        BlockHeader unsealed = header(7, 3, List.of());
        assertThat(QbftHasher.INSTANCE.hash(decided))
                .isEqualTo(HeaderHasher.KECCAK.hash(bare))
                .isEqualTo(QbftHasher.INSTANCE.hash(unsealed));
        assertThat(QbftHasher.sealHash(decided))
                .isEqualTo(HeaderHasher.KECCAK.hash(unsealed))
                .isNotEqualTo(QbftHasher.sealHash(bare));
    }

    @Test
    void blockZeroAndForeignExtraDataAreHashedAsTheyAre() {
        BlockHeader genesis = header(0, 3, List.of(Bytes.repeat((byte) 9, 65)));
        assertThat(QbftHasher.INSTANCE.hash(genesis)).isEqualTo(HeaderHasher.KECCAK.hash(genesis));
        assertThat(QbftHasher.INSTANCE.hash(MainnetGenesis.HEADER)).isEqualTo(MainnetGenesis.HASH);
        BlockHeader foreign = header(5, 0, List.of()).withExtraData(Bytes.of(1, 2, 3));
        assertThat(QbftHasher.INSTANCE.hash(foreign)).isEqualTo(HeaderHasher.KECCAK.hash(foreign));
    }

    @Test
    void theMixHashOfQbftIsTheOneThatItsNameSays() {
        assertThat(Bytes.wrap(Qbft.MIX_HASH.toArray()))
                .isEqualTo(Bytes.wrap(
                        "ctical byzantine fault tolerance".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        assertThat(Keccak256.hash(Qbft.MIX_HASH)).isNotEqualTo(Hash.ZERO);
    }

    private static BlockHeader header(long number, int round, List<Bytes> seals) {
        QbftExtraData data = new QbftExtraData(Hash.ZERO, List.of(ONE), Optional.empty(), round, seals);
        BlockHeader zero = MainnetGenesis.HEADER;
        return new BlockHeader(
                zero.parentHash(),
                zero.ommersHash(),
                zero.coinbase(),
                zero.stateRoot(),
                zero.transactionsRoot(),
                zero.receiptsRoot(),
                zero.logsBloom(),
                zero.difficulty(),
                number,
                zero.gasLimit(),
                zero.gasUsed(),
                zero.timestamp(),
                QbftExtraDataCodec.encode(data),
                Qbft.MIX_HASH,
                zero.nonce(),
                zero.baseFee(),
                zero.withdrawalsRoot(),
                zero.blobGasUsed(),
                zero.excessBlobGas(),
                zero.parentBeaconBlockRoot(),
                zero.requestsHash());
    }

    private static QbftExtraData data(Random random) {
        return new QbftExtraData(
                Seeded.hash(random),
                RandomTransactions.list(random, 5, Seeded::address),
                random.nextBoolean()
                        ? Optional.of(new QbftExtraData.Vote(Seeded.address(random), random.nextBoolean()))
                        : Optional.empty(),
                random.nextInt() >>> (1 + random.nextInt(31)),
                RandomTransactions.list(random, 4, r -> Seeded.bytes(r, 65)));
    }
}
