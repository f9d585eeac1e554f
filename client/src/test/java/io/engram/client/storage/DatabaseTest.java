package io.engram.client.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

    @TempDir
    private Path directory;

    @Test
    void a_batch_is_written_as_a_whole_and_is_there_after_reopening() {
        try (Database database = Database.open(directory)) {
            try (Batch batch = database.batch()) {
                batch.put(Column.CODE, key(1), key(10));
                batch.put(Column.HEADERS, key(1), key(11));
                batch.put(Column.CODE, key(2), key(12));
                batch.delete(Column.CODE, key(2));
                assertThat(database.get(Column.CODE, key(1))).isEmpty();
                batch.commit(Durability.POWER);
            }
        }
        try (Database database = Database.open(directory)) {
            assertThat(database.get(Column.CODE, key(1))).contains(key(10));
            assertThat(database.get(Column.HEADERS, key(1))).contains(key(11));
            assertThat(database.get(Column.CODE, key(2))).isEmpty();
        }
    }

    @Test
    void a_snapshot_and_its_cursors_keep_their_moment() {
        try (Database database = Database.open(directory)) {
            put(database, 1, 3);
            try (Snapshot snapshot = database.snapshot()) {
                put(database, 2, 4);
                assertThat(snapshot.get(Column.CODE, key(2))).isEmpty();
                assertThat(keys(snapshot, 0)).containsExactly(1, 3);
                assertThat(keys(database, 0)).containsExactly(1, 2, 3, 4);
                assertThat(keys(database, 3)).containsExactly(3, 4);
            }
        }
    }

    @Test
    void a_second_opening_is_refused_with_the_reason() {
        try (Database database = Database.open(directory)) {
            assertThat(database.directory()).isEqualTo(directory);
            assertThatThrownBy(() -> Database.open(directory))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("in use by another process");
        }
        assertThatCode(() -> Database.open(directory).close()).doesNotThrowAnyException();
    }

    @Test
    void a_newer_format_is_refused_with_both_versions() {
        try (Database database = Database.open(directory);
                Batch batch = database.batch()) {
            byte[] newer =
                    ByteBuffer.allocate(4).putInt(Database.FORMAT_VERSION + 1).array();
            batch.put(Column.METADATA, "format".getBytes(StandardCharsets.US_ASCII), newer);
            batch.commit(Durability.PROCESS);
        }
        assertThatThrownBy(() -> Database.open(directory))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("has format " + (Database.FORMAT_VERSION + 1))
                .hasMessageContaining("newer version");
    }

    @Test
    void after_the_end_every_use_is_refused_and_nothing_crashes() {
        Database database = Database.open(directory);
        put(database, 1);
        Snapshot snapshot = database.snapshot();
        Cursor cursor = snapshot.seek(Column.CODE, key(0));
        Cursor other = database.seek(Column.CODE, key(0));
        other.close();
        other.close();
        assertThatThrownBy(other::isValid).isInstanceOf(DatabaseException.class);
        database.close();
        database.close();
        assertThatThrownBy(cursor::isValid).isInstanceOf(DatabaseException.class);
        assertThatThrownBy(() -> snapshot.get(Column.CODE, key(1))).isInstanceOf(DatabaseException.class);
        assertThatThrownBy(() -> database.get(Column.CODE, key(1)))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("is closed");
        assertThatThrownBy(() -> put(database, 2)).isInstanceOf(DatabaseException.class);
        cursor.close();
        snapshot.close();
    }

    private static void put(Database database, int... keys) {
        try (Batch batch = database.batch()) {
            for (int key : keys) {
                batch.put(Column.CODE, key(key), key(key));
            }
            batch.commit(Durability.PROCESS);
        }
    }

    private static List<Integer> keys(View view, int from) {
        List<Integer> keys = new ArrayList<>();
        try (Cursor cursor = view.seek(Column.CODE, key(from))) {
            for (; cursor.isValid(); cursor.next()) {
                keys.add(ByteBuffer.wrap(cursor.key()).getInt());
            }
        }
        return keys;
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }
}
