package io.engram.client.trie;

import io.engram.genesis.Hash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** The trie of a list, keyed by the RLP of the index: transactions, receipts, withdrawals of a block. */
public final class OrderedTrie {

    private OrderedTrie() {}

    /**
     * Root over the encoded items in their order; {@link Hash#EMPTY_TRIE} for none.
     *
     * @throws IllegalArgumentException when an item is empty, as a trie cannot hold the empty value
     */
    public static Hash root(List<Bytes> items) {
        List<TrieEntry> entries = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).isEmpty()) {
                throw new IllegalArgumentException("item " + i + " is empty");
            }
            entries.add(new TrieEntry(key(i), items.get(i).toArrayUnsafe()));
        }
        Collections.sort(entries);
        return MerkleTrie.update(DiscardedNodes.INSTANCE, Hash.EMPTY_TRIE, entries);
    }

    private static byte[] key(int index) {
        if (index == 0) {
            return new byte[] {(byte) 0x80};
        }
        return NodeCodec.encodeString(Bytes.minimalBytes(index).toArrayUnsafe());
    }
}
