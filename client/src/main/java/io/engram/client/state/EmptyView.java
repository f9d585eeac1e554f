package io.engram.client.state;

import io.engram.client.storage.Column;
import io.engram.client.storage.Cursor;
import io.engram.client.storage.View;
import java.util.Optional;

/** A database with nothing in it. */
enum EmptyView implements View {
    INSTANCE;

    @Override
    public Optional<byte[]> get(Column column, byte[] key) {
        return Optional.empty();
    }

    /** Never needed: only accounts that are there have something to iterate over. */
    @Override
    public Cursor seek(Column column, byte[] from) {
        throw new UnsupportedOperationException("an empty view has no cursor");
    }
}
