package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Hash;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentRecordsTest {

    private final Map<Hash, byte[]> disk = new HashMap<>();
    private int decoded;
    private final RecentRecords<String> records = new RecentRecords<>(10, record -> {
        decoded++;
        return new String(record, StandardCharsets.US_ASCII);
    });

    private Optional<String> get(int block) {
        Hash hash = new Hash(0, 0, 0, block);
        return records.get(hash, () -> Optional.ofNullable(disk.get(hash)));
    }

    private void store(int block, String record) {
        disk.put(new Hash(0, 0, 0, block), record.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aRecordIsDecodedOnceWhileThereIsRoomForIt() {
        store(1, "12345");
        store(2, "12345");
        store(3, "12345");
        assertThat(get(1)).isEqualTo(get(1)).contains("12345");
        assertThat(decoded).isEqualTo(1);
        get(2);
        get(1);
        get(3);
        assertThat(decoded).isEqualTo(3);
        get(1);
        get(3);
        assertThat(decoded).isEqualTo(3);
        get(2);
        assertThat(decoded).isEqualTo(4);
    }

    @Test
    void whatIsTooLargeOrNotThereIsNotKept() {
        store(1, "12345678901");
        get(1);
        get(1);
        assertThat(decoded).isEqualTo(2);
        assertThat(get(2)).isEmpty();
        store(2, "1");
        assertThat(get(2)).contains("1");
    }

    /** The reader has the bytes when the block is deleted. */
    @Test
    void aBlockThatIsDeletedWhileItIsReadIsNotKept() {
        store(1, "1");
        Hash hash = new Hash(0, 0, 0, 1);
        records.get(hash, () -> {
            Optional<byte[]> read = Optional.ofNullable(disk.remove(hash));
            records.clear();
            return read;
        });
        assertThat(get(1)).isEmpty();
    }

    @Test
    void theAnswersAreThoseOfTheDiskAlone() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            disk.clear();
            records.clear();
            for (int step = 0; step < 100; step++) {
                int block = random.nextInt(8);
                if (random.nextInt(20) == 0) {
                    disk.keySet().removeIf(hash -> hash.w3() >= block);
                    records.clear();
                } else if (!disk.containsKey(new Hash(0, 0, 0, block)) && random.nextBoolean()) {
                    store(block, "x".repeat(random.nextInt(12)));
                }
                byte[] stored = disk.get(new Hash(0, 0, 0, block));
                assertThat(get(block))
                        .as("seed %d", seed)
                        .isEqualTo(
                                Optional.ofNullable(stored).map(bytes -> new String(bytes, StandardCharsets.US_ASCII)));
            }
        }
    }
}
