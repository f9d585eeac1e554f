package io.engram.client.state;

import io.engram.client.storage.Column;
import io.engram.client.storage.View;
import io.engram.client.trie.CorruptNodeException;
import io.engram.client.trie.NodeStore;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * The nodes of the state trie or of one storage trie in the database, under changes not yet written; takes its own
 * changes down as writes.
 */
final class StoredNodes implements NodeStore {

    private final View view;
    private final Column column;
    private final byte[] prefix;
    private final Map<Bytes, Optional<byte[]>> unwritten;
    private final StateWrites writes;

    private StoredNodes(
            View view, Column column, byte[] prefix, Map<Bytes, Optional<byte[]>> unwritten, StateWrites writes) {
        this.view = view;
        this.column = column;
        this.prefix = prefix;
        this.unwritten = unwritten;
        this.writes = writes;
    }

    static StoredNodes ofAccounts(View view, StateWrites writes) {
        return new StoredNodes(view, Column.ACCOUNT_TRIE, new byte[0], Map.of(), writes);
    }

    static StoredNodes ofStorage(View view, Address owner, StateWrites writes) {
        return new StoredNodes(view, Column.STORAGE_TRIE, owner.toArray(), Map.of(), writes);
    }

    /** The same nodes as {@code unwritten} would leave them, for reading. */
    StoredNodes under(StateWrites other) {
        return new StoredNodes(view, column, prefix, other.result(column), writes);
    }

    @Override
    public byte[] load(byte[] path, int length) {
        byte[] key = key(path, length);
        Bytes position = Bytes.wrap(key);
        Optional<byte[]> node = unwritten.containsKey(position) ? unwritten.get(position) : view.get(column, key);
        return node.orElseThrow(() -> new CorruptNodeException("the database lacks the trie node at " + column + " "
                + Bytes.wrap(key) + (prefix.length == Address.SIZE ? " (address, then nibbles)" : "")));
    }

    @Override
    public void put(byte[] path, int length, byte[] node) {
        writes.put(column, key(path, length), node);
    }

    @Override
    public void remove(byte[] path, int length) {
        writes.delete(column, key(path, length));
    }

    private byte[] key(byte[] path, int length) {
        byte[] key = new byte[prefix.length + length];
        System.arraycopy(prefix, 0, key, 0, prefix.length);
        System.arraycopy(path, 0, key, prefix.length, length);
        return key;
    }

    /** Whether a trie with this root has nodes in the database. */
    static boolean exists(Hash root) {
        return !root.equals(Hash.EMPTY_TRIE);
    }
}
