package io.engram.p2p.eth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Hash;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.p2p.Seeds;
import io.engram.p2p.eth.EthMessage.BlockAnnouncement;
import io.engram.p2p.eth.EthMessage.BlockBodies;
import io.engram.p2p.eth.EthMessage.BlockHeaders;
import io.engram.p2p.eth.EthMessage.BlockRangeUpdate;
import io.engram.p2p.eth.EthMessage.GetBlockBodies;
import io.engram.p2p.eth.EthMessage.GetBlockHeaders;
import io.engram.p2p.eth.EthMessage.GetPooledTransactions;
import io.engram.p2p.eth.EthMessage.GetReceipts;
import io.engram.p2p.eth.EthMessage.NewBlock;
import io.engram.p2p.eth.EthMessage.NewBlockHashes;
import io.engram.p2p.eth.EthMessage.NewPooledTransactionHashes;
import io.engram.p2p.eth.EthMessage.PooledTransactions;
import io.engram.p2p.eth.EthMessage.Receipts;
import io.engram.p2p.eth.EthMessage.TransactionAnnouncement;
import io.engram.p2p.eth.EthMessage.Transactions;
import io.engram.p2p.peer.WireException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EthCodecTest {

    private static final Hash A = Hash.fromHex("0x00000000000000000000000000000000000000000000000000000000deadc0de");
    private static final Hash B = Hash.fromHex("0x00000000000000000000000000000000000000000000000000000000feedbeef");
    private static final SampleChain CHAIN = new SampleChain(1, 1, 3);

    private static List<EthMessage> samples() {
        return List.of(
                new NewBlockHashes(List.of(new BlockAnnouncement(A, 7), new BlockAnnouncement(B, 8))),
                new NewBlock(CHAIN.block(2), UInt256.valueOf(3)),
                new Transactions(List.of(SampleChain.transaction(1), SampleChain.transaction(2))),
                new NewPooledTransactionHashes(
                        List.of(new TransactionAnnouncement(2, 110, A), new TransactionAnnouncement(3, 131_072, B))),
                new GetBlockHeaders(1, new BlockStart.ByHash(A), 5, 3, true),
                new GetBlockHeaders(1, new BlockStart.ByNumber(0), 5, 0, false),
                new BlockHeaders(
                        2, List.of(CHAIN.block(0).header(), CHAIN.block(1).header())),
                new GetBlockBodies(3, List.of(A, B)),
                new BlockBodies(3, List.of(CHAIN.block(1).body(), CHAIN.block(2).body())),
                new GetReceipts(4, List.of(A)),
                new Receipts(4, List.of(List.of(SampleChain.receipt(1), SampleChain.receipt(2)), List.of())),
                new GetPooledTransactions(5, List.of(A, B)),
                new PooledTransactions(5, List.of(SampleChain.transaction(3))),
                new BlockRangeUpdate(new BlockRange(0, 9, A)));
    }

    @ParameterizedTest
    @EnumSource
    void everyMessageSurvivesTheWire(EthVersion version) throws WireException {
        for (EthMessage message : samples()) {
            EthCodec.Encoded encoded = EthCodec.encode(version, message);
            assertThat(EthCodec.decode(version, encoded.code(), encoded.payload()))
                    .isEqualTo(message);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStatusSurvivesTheWire(EthVersion version) throws WireException {
        Optional<BlockRange> range =
                version == EthVersion.ETH69 ? Optional.of(new BlockRange(1, 9, A)) : Optional.empty();
        Optional<UInt256> difficulty =
                version == EthVersion.ETH68 ? Optional.of(UInt256.valueOf(10)) : Optional.empty();
        Status status = new Status(version, 1337, difficulty, B, new ForkId(0xfc64ec04, 1_150_000), range, A);
        assertThat(EthCodec.decodeStatus(version, EthCodec.encodeStatus(status)))
                .isEqualTo(status);
    }

    /** The encodings that EIP-2481 lists. */
    @Test
    void requestsHaveTheKnownEncodings() {
        assertEncoding(
                new GetBlockHeaders(1111, new BlockStart.ByHash(A), 5, 5, false),
                "0xe8820457e4a000000000000000000000000000000000000000000000000000000000deadc0de050580");
        assertEncoding(
                new GetBlockHeaders(1111, new BlockStart.ByNumber(9999), 5, 5, false), "0xca820457c682270f050580");
        String both = "0xf847820457f842a000000000000000000000000000000000000000000000000000000000deadc0de"
                + "a000000000000000000000000000000000000000000000000000000000feedbeef";
        assertEncoding(new GetBlockBodies(1111, List.of(A, B)), both);
        assertEncoding(new GetReceipts(1111, List.of(A, B)), both);
        assertEncoding(new GetPooledTransactions(1111, List.of(A, B)), both);
    }

    private static void assertEncoding(EthMessage message, String hex) {
        assertThat(EthCodec.encode(EthVersion.ETH68, message).payload().toHexString())
                .isEqualTo(hex);
    }

    @Test
    void receiptsCarryABloomInVersion68Only() {
        EthMessage receipts = new Receipts(1, List.of(List.of(SampleChain.receipt(21_000))));
        int with = EthCodec.encode(EthVersion.ETH68, receipts).payload().size();
        int without = EthCodec.encode(EthVersion.ETH69, receipts).payload().size();
        assertThat(with - without).isGreaterThan(256);
    }

    @Test
    void tooManyItemsAreRefused() {
        EthMessage flood = new GetBlockBodies(1, Collections.nCopies(EthLimits.BODIES + 1, A));
        assertRefused(flood);
        assertRefused(
                new NewBlockHashes(Collections.nCopies(EthLimits.ANNOUNCEMENTS + 1, new BlockAnnouncement(A, 1))));
        assertRefused(new NewPooledTransactionHashes(
                Collections.nCopies(EthLimits.ANNOUNCEMENTS + 1, new TransactionAnnouncement(2, 1, A))));
    }

    private static void assertRefused(EthMessage flood) {
        EthCodec.Encoded encoded = EthCodec.encode(EthVersion.ETH69, flood);
        assertThatThrownBy(() -> EthCodec.decode(EthVersion.ETH69, encoded.code(), encoded.payload()))
                .isInstanceOf(WireException.class);
    }

    @Test
    void anOversizedMessageIsRefusedUnread() {
        Bytes payload = Bytes.wrap(new byte[EthLimits.MESSAGE_BYTES + 1]);
        assertThatThrownBy(() -> EthCodec.decode(EthVersion.ETH69, 2, payload))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("bytes");
    }

    @Test
    void anHonestRequestForTooManyHeadersIsCutDown() throws WireException {
        EthCodec.Encoded encoded = EthCodec.encode(
                EthVersion.ETH69, new GetBlockHeaders(1, new BlockStart.ByNumber(0), Integer.MAX_VALUE, 0, false));
        assertThat(((GetBlockHeaders) EthCodec.decode(EthVersion.ETH69, encoded.code(), encoded.payload())).limit())
                .isEqualTo(EthLimits.HEADERS);
    }

    @Test
    void randomAndMutatedBytesEndInAMessageOrTheOneCheckedError() {
        Seeds.forSeeds(3_000, random -> {
            EthVersion version = random.nextBoolean() ? EthVersion.ETH68 : EthVersion.ETH69;
            EthMessage sample = samples().get(random.nextInt(samples().size()));
            EthCodec.Encoded encoded = EthCodec.encode(version, sample);
            Bytes payload = switch (random.nextInt(3)) {
                case 0 -> Seeds.bytes(random, random.nextInt(200));
                case 1 -> RlpWriter.list(out -> out.bytes(Seeds.bytes(random, random.nextInt(100))));
                default -> Seeds.mutate(random, encoded.payload());
            };
            int code = random.nextInt(4) == 0 ? random.nextInt(18) : encoded.code();
            try {
                EthCodec.decode(version, code, payload);
            } catch (WireException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
            try {
                EthCodec.decodeStatus(version, payload);
            } catch (WireException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
    }
}
