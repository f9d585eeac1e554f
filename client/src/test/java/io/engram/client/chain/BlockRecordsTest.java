package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.storage.DatabaseException;
import io.engram.genesis.Hash;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class BlockRecordsTest {

    private static final RandomGeneratorFactory<RandomGenerator> RANDOM = RandomGeneratorFactory.of("L64X128MixRandom");

    @Test
    void what_is_encoded_is_decoded_again() {
        for (long seed = 0; seed < 50; seed++) {
            ExecutedBlock block = sample(seed);
            BlockRecords.StoredHeader header = new BlockRecords.StoredHeader(
                    UInt256.MAX_VALUE, block.block().header());
            assertThat(BlockRecords.decodeHeader(BlockRecords.encodeHeader(header)))
                    .isEqualTo(header);
            assertThat(BlockRecords.decodeBody(
                            BlockRecords.encodeBody(block.block().body())))
                    .isEqualTo(block.block().body());
            assertThat(BlockRecords.decodeReceipts(BlockRecords.encodeReceipts(block.receipts())))
                    .as("seed %s", seed)
                    .isEqualTo(block.receipts());
            assertThat(BlockRecords.decodeInferences(BlockRecords.encodeInferences(block.inferences())))
                    .isEqualTo(block.inferences());
            ChainStore.TransactionLocation location =
                    new ChainStore.TransactionLocation(block.hash(), Long.MAX_VALUE, 12);
            assertThat(BlockRecords.decodeLocation(BlockRecords.encodeLocation(location)))
                    .isEqualTo(location);
        }
    }

    @Test
    void damaged_records_end_in_the_declared_error_or_in_a_record() {
        List<Consumer<byte[]>> decoders = List.of(
                BlockRecords::decodeHeader,
                BlockRecords::decodeBody,
                BlockRecords::decodeReceipts,
                BlockRecords::decodeInferences,
                BlockRecords::decodeLocation);
        for (long seed = 0; seed < 200; seed++) {
            RandomGenerator random = RANDOM.create(seed);
            ExecutedBlock block = sample(seed);
            List<byte[]> records = List.of(
                    BlockRecords.encodeHeader(new BlockRecords.StoredHeader(
                            UInt256.ONE, block.block().header())),
                    BlockRecords.encodeBody(block.block().body()),
                    BlockRecords.encodeReceipts(block.receipts()),
                    BlockRecords.encodeInferences(block.inferences()),
                    new byte[random.nextInt(40)]);
            for (byte[] record : records) {
                for (int hit = 0; hit < 20; hit++) {
                    byte[] damaged = record.clone();
                    if (damaged.length > 0) {
                        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                    }
                    for (Consumer<byte[]> decoder : decoders) {
                        try {
                            decoder.accept(damaged);
                        } catch (DatabaseException e) {
                            assertThat(e.getMessage()).contains("malformed");
                        } catch (RuntimeException e) {
                            throw new AssertionError("seed " + seed + " " + Bytes.wrap(damaged), e);
                        }
                    }
                }
            }
        }
    }

    private static ExecutedBlock sample(long seed) {
        ExecutedBlock genesis = SampleBlocks.genesis(Hash.EMPTY_TRIE);
        ChainStore.Head head =
                new ChainStore.Head(genesis.hash(), genesis.block().header(), genesis.totalDifficulty());
        return SampleBlocks.next(head, Hash.EMPTY_TRIE, RANDOM.create(seed));
    }
}
