package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.storage.Column;
import io.engram.client.storage.Cursor;
import io.engram.client.storage.Database;
import io.engram.client.trie.NaiveTrie;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.crypto.Keccak256;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/** Asserts that everything in a database follows from its head, by reading all of it. */
final class StoredChainCheck {

    private StoredChainCheck() {}

    static void check(Database database, ChainStore store, Hash stateRoot) {
        checkIndexes(database, store);
        assertThat(store.head().header().stateRoot()).isEqualTo(stateRoot);
        checkStateByItself(database, stateRoot);
    }

    private static void checkIndexes(Database database, ChainStore store) {
        long head = store.head().number();
        Set<Bytes> hashes = new HashSet<>();
        Set<Bytes> transactions = new HashSet<>();
        Hash parent = Hash.ZERO;
        for (long number = 0; number <= head; number++) {
            Hash hash = store.canonicalHash(number).orElseThrow();
            Block block = store.block(hash).orElseThrow();
            assertThat(block.header().number()).isEqualTo(number);
            assertThat(block.header().parentHash()).isEqualTo(parent);
            assertThat(store.receipts(hash).orElseThrow())
                    .hasSameSizeAs(block.body().transactions());
            assertThat(store.inferences(hash)).isPresent();
            for (int i = 0; i < block.body().transactions().size(); i++) {
                Hash transaction = block.body().transactions().get(i).hash();
                assertThat(store.transaction(transaction))
                        .contains(new ChainStore.TransactionLocation(hash, number, i));
                transactions.add(transaction.toBytes());
            }
            hashes.add(hash.toBytes());
            parent = hash;
        }
        assertThat(parent).isEqualTo(store.head().hash());
        for (Column column : List.of(Column.HEADERS, Column.BODIES, Column.RECEIPTS, Column.INFERENCES)) {
            assertThat(all(database, column).keySet()).as("%s", column).isEqualTo(hashes);
        }
        assertThat(all(database, Column.CANONICAL)).hasSize((int) head + 1);
        assertThat(all(database, Column.CHANGES)).hasSize((int) head + 1);
        assertThat(all(database, Column.TRANSACTIONS).keySet()).isEqualTo(transactions);
        for (Column column : List.of(Column.ACCOUNT_HISTORY, Column.STORAGE_HISTORY)) {
            all(database, column)
                    .keySet()
                    .forEach(key -> assertThat(key.getLong(key.size() - 8)).isBetween(1L, head));
        }
    }

    /** Builds all tries again from the flat columns with the slow trie and compares every node. */
    private static void checkStateByItself(Database database, Hash stateRoot) {
        Map<Bytes, Map<Bytes, Bytes>> storage = new HashMap<>();
        all(database, Column.STORAGE)
                .forEach((key, value) -> storage.computeIfAbsent(key.slice(0, 20), owner -> new HashMap<>())
                        .put(Keccak256.hash(key.slice(20, 32)).toBytes(), NaiveTrie.string(value)));
        Map<Bytes, Bytes> content = new HashMap<>();
        Map<Bytes, Bytes> storageNodes = new HashMap<>();
        Map<Bytes, Bytes> flat = all(database, Column.ACCOUNTS);
        assertThat(flat.keySet()).containsAll(storage.keySet());
        flat.forEach((address, value) -> {
            NaiveTrie trie = new NaiveTrie();
            Hash root = trie.compute(storage.getOrDefault(address, Map.of()));
            trie.nodes().forEach((path, node) -> storageNodes.put(Bytes.concatenate(address, path), node));
            content.put(Keccak256.hash(address).toBytes(), trieValue(value, root));
        });
        NaiveTrie trie = new NaiveTrie();
        assertThat(trie.compute(content)).isEqualTo(stateRoot);
        assertThat(all(database, Column.ACCOUNT_TRIE)).isEqualTo(trie.nodes());
        assertThat(all(database, Column.STORAGE_TRIE)).isEqualTo(storageNodes);
    }

    /** The flat form read by hand: flags, sized nonce, sized balance, hashes as flagged. */
    private static Bytes trieValue(Bytes flat, Hash storageRoot) {
        int flags = flat.get(0);
        int nonceSize = flat.get(1);
        int balanceSize = flat.get(2 + nonceSize);
        int end = 3 + nonceSize + balanceSize;
        Bytes codeHash = (flags & 1) != 0 ? flat.slice(end, 32) : Hash.EMPTY_CODE.toBytes();
        assertThat((flags & 2) != 0).isEqualTo(!storageRoot.equals(Hash.EMPTY_TRIE));
        return NaiveTrie.list(List.of(
                NaiveTrie.string(slice(flat, 2, nonceSize)),
                NaiveTrie.string(slice(flat, 3 + nonceSize, balanceSize)),
                NaiveTrie.string(storageRoot.toBytes()),
                NaiveTrie.string(codeHash)));
    }

    /** Tuweni refuses an empty slice at the end. */
    private static Bytes slice(Bytes bytes, int from, int size) {
        return size == 0 ? Bytes.EMPTY : bytes.slice(from, size);
    }

    static Map<Bytes, Bytes> all(Database database, Column column) {
        Map<Bytes, Bytes> all = new HashMap<>();
        try (Cursor cursor = database.seek(column, new byte[0])) {
            for (; cursor.isValid(); cursor.next()) {
                all.put(Bytes.wrap(cursor.key()), Bytes.wrap(cursor.value()));
            }
        }
        return all;
    }
}
