package io.engram.client.storage;

import java.util.Optional;

/** Something to read keys from. Thread-safe; its cursors are not. */
public interface View {

    /** @throws DatabaseException when the database is closed or cannot be read */
    Optional<byte[]> get(Column column, byte[] key);

    /** A cursor at the first key at or after {@code from} in unsigned byte order. The caller closes it. */
    Cursor seek(Column column, byte[] from);
}
