package io.engram.client.state;

import io.engram.client.storage.Column;
import io.engram.client.storage.DatabaseException;
import io.engram.client.storage.View;
import io.engram.genesis.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Which block's state the flat columns and tries hold.
 *
 * @param number −1 before genesis
 */
record StateHead(long number, Hash root) {

    static final StateHead NONE = new StateHead(-1, Hash.EMPTY_TRIE);

    private static final byte[] KEY = "state".getBytes(StandardCharsets.US_ASCII);

    static StateHead read(View view) {
        return view.get(Column.METADATA, KEY).map(StateHead::decode).orElse(NONE);
    }

    private static StateHead decode(byte[] bytes) {
        if (bytes.length != Long.BYTES + Hash.SIZE) {
            throw new DatabaseException("the database holds a malformed state head");
        }
        return new StateHead(ByteBuffer.wrap(bytes).getLong(), Hash.read(bytes, Long.BYTES));
    }

    void writeTo(StateWrites writes) {
        byte[] bytes =
                ByteBuffer.allocate(Long.BYTES + Hash.SIZE).putLong(number).array();
        root.write(bytes, Long.BYTES);
        writes.put(Column.METADATA, KEY, bytes);
    }
}
