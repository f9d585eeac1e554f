package io.engram.genesis.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Seeded;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.transaction.RandomTransactions;
import io.engram.genesis.transaction.TransactionType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class ReceiptCodecTest {

    @Test
    void receiptsOfEveryTypeComeBack() {
        Seeded.forSeeds(300, random -> {
            Receipt receipt = receipt(random);
            assertThat(ReceiptCodec.decode(ReceiptCodec.encode(receipt))).isEqualTo(receipt);
        });
    }

    @Test
    void mutatedReceiptsAreRefusedOrEncodeToThemselves() {
        Seeded.forSeeds(5_000, random -> {
            Bytes mutated = Seeded.mutate(random, ReceiptCodec.encode(receipt(random)));
            try {
                assertThat(ReceiptCodec.encode(ReceiptCodec.decode(mutated))).isEqualTo(mutated);
            } catch (RlpException e) {
                assertThat(e).hasMessageMatching(".+");
            }
        });
    }

    @Test
    void aFailedAndASuccessfulReceiptDifferInTheStatus() {
        Receipt failed = new Receipt(TransactionType.LEGACY, false, Optional.empty(), 1, List.of());
        Receipt succeeded = new Receipt(TransactionType.LEGACY, true, Optional.empty(), 1, List.of());
        assertThat(ReceiptCodec.encode(failed).slice(3, 2)).isEqualTo(Bytes.fromHexString("0x8001"));
        assertThat(ReceiptCodec.encode(succeeded).slice(3, 2)).isEqualTo(Bytes.fromHexString("0x0101"));
    }

    @Test
    void theBloomsOfABlockAreThoseOfItsReceiptsOneByOne() {
        Seeded.forSeeds(100, random -> {
            List<Address> addresses = List.of(Seeded.address(random), Seeded.address(random));
            List<Hash> topics = List.of(Seeded.hash(random), Seeded.hash(random), Seeded.hash(random));
            List<Receipt> receipts = new ArrayList<>();
            for (int i = random.nextInt(50); i > 0; i--) {
                List<Log> logs = new ArrayList<>();
                for (int n = random.nextInt(4); n > 0; n--) {
                    Hash topic = random.nextBoolean() ? Seeded.hash(random) : topics.get(random.nextInt(3));
                    logs.add(new Log(addresses.get(random.nextInt(2)), List.of(topics.getFirst(), topic), Bytes.EMPTY));
                }
                receipts.add(new Receipt(TransactionType.LEGACY, true, Optional.empty(), i, logs));
            }
            assertThat(LogsBloom.ofEach(receipts))
                    .isEqualTo(receipts.stream()
                            .map(receipt -> LogsBloom.of(receipt.logs()))
                            .toList());
        });
    }

    @Test
    void theBloomHoldsWhatWasAddedAndThreeBitsForEach() {
        Log log =
                new Log(Address.fromHex("0x0000000000000000000000000000000000000001"), List.of(Hash.ZERO), Bytes.EMPTY);
        Bytes bloom = LogsBloom.of(List.of(log));
        assertThat(LogsBloom.mayContain(bloom, log.address())).isTrue();
        assertThat(LogsBloom.mayContain(bloom, Hash.ZERO)).isTrue();
        assertThat(LogsBloom.mayContain(bloom, Address.ZERO)).isFalse();
        assertThat(bloom.toUnsignedBigInteger().bitCount()).isLessThanOrEqualTo(6);
        assertThat(LogsBloom.EMPTY.isZero()).isTrue();
    }

    @Test
    void requestsWithoutDataDoNotChangeTheRequestsHash() {
        assertThat(Requests.EMPTY_HASH)
                .isEqualTo(Hash.fromHex("0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        assertThat(Requests.hash(List.of(Bytes.of(0), Bytes.of(1)))).isEqualTo(Requests.EMPTY_HASH);
        assertThat(Requests.hash(List.of(Bytes.of(0), Bytes.of(1, 5))))
                .isEqualTo(Requests.hash(List.of(Bytes.of(1, 5))))
                .isNotEqualTo(Requests.EMPTY_HASH);
    }

    @Test
    void aBloomThatIsNotThatOfTheLogsIsRefused() {
        Bytes encoded = ReceiptCodec.encode(new Receipt(TransactionType.LEGACY, true, Optional.empty(), 1, List.of()));
        byte[] flipped = encoded.toArray();
        flipped[100] = 1;
        assertThatThrownBy(() -> ReceiptCodec.decode(Bytes.wrap(flipped))).hasMessageContaining("bloom");
    }

    private static Receipt receipt(Random random) {
        boolean preByzantium = random.nextInt(4) == 0;
        return new Receipt(
                TransactionType.ofCode(random.nextInt(5)).orElseThrow(),
                !preByzantium && random.nextBoolean(),
                preByzantium ? Optional.of(Seeded.hash(random)) : Optional.empty(),
                random.nextLong() >>> (1 + random.nextInt(60)),
                RandomTransactions.list(
                        random,
                        4,
                        r -> new Log(
                                Seeded.address(r),
                                RandomTransactions.list(r, 5, Seeded::hash),
                                Seeded.bytes(r, r.nextInt(70)))));
    }
}
