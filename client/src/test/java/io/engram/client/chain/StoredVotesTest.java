package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.client.consensus.validator.PendingVotes;
import io.engram.client.storage.Batch;
import io.engram.client.storage.Column;
import io.engram.client.storage.Database;
import io.engram.client.storage.DatabaseException;
import io.engram.client.storage.Durability;
import io.engram.genesis.Address;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredVotesTest {

    private static final Address FIRST = Address.fromHex("0x00000000000000000000000000000000000000a1");
    private static final Address SECOND = Address.fromHex("0xffffffffffffffffffffffffffffffffffffffff");

    @TempDir
    Path folder;

    @Test
    void votesOutliveTheNode() {
        try (Database database = Database.open(folder)) {
            PendingVotes votes = new PendingVotes(30_000, new StoredVotes(database));
            assertThat(votes.all()).isEmpty();
            assertThat(votes.propose(FIRST, true)).isTrue();
            assertThat(votes.propose(SECOND, true)).isTrue();
            assertThat(votes.propose(SECOND, false)).isTrue();
        }
        try (Database database = Database.open(folder)) {
            PendingVotes votes = new PendingVotes(30_000, new StoredVotes(database));
            assertThat(votes.all())
                    .containsEntry(FIRST, true)
                    .containsEntry(SECOND, false)
                    .hasSize(2);
            votes.discard(FIRST);
        }
        try (Database database = Database.open(folder)) {
            assertThat(new StoredVotes(database).load())
                    .containsEntry(SECOND, false)
                    .hasSize(1);
        }
    }

    @Test
    void asManyAreKeptAsMayBeCast() {
        try (Database database = Database.open(folder)) {
            PendingVotes votes = new PendingVotes(30_000, new StoredVotes(database));
            for (int i = 0; i < PendingVotes.MAX_CANDIDATES; i++) {
                assertThat(votes.propose(new Address(i, 0, 1), i % 2 == 0)).isTrue();
            }
            assertThat(votes.propose(FIRST, true)).isFalse();
            assertThat(new StoredVotes(database).load()).isEqualTo(votes.all());
        }
    }

    @Test
    void damageIsNoticed() {
        try (Database database = Database.open(folder)) {
            for (byte[] damaged : new byte[][] {new byte[20], new byte[22], withLast(new byte[21], 2)}) {
                try (Batch batch = database.batch()) {
                    batch.put(Column.METADATA, "validator-votes".getBytes(StandardCharsets.US_ASCII), damaged);
                    batch.commit(Durability.PROCESS);
                }
                assertThatThrownBy(() -> new StoredVotes(database).load()).isInstanceOf(DatabaseException.class);
            }
        }
    }

    private static byte[] withLast(byte[] bytes, int last) {
        bytes[bytes.length - 1] = (byte) last;
        return bytes;
    }
}
