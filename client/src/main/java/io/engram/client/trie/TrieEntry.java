package io.engram.client.trie;

import java.util.Arrays;

/**
 * A key and what it is to hold.
 *
 * @param key up to 32 bytes
 * @param value empty to delete the key
 */
public record TrieEntry(byte[] key, byte[] value) implements Comparable<TrieEntry> {

    public boolean isDeletion() {
        return value.length == 0;
    }

    /** Unsigned order of the keys alone, as sorting needs no more. */
    @Override
    public int compareTo(TrieEntry other) {
        return Arrays.compareUnsigned(key, other.key);
    }

    int nibble(int index) {
        int octet = key[index >> 1];
        return (index & 1) == 0 ? (octet >>> 4) & 0xf : octet & 0xf;
    }

    int nibbles() {
        return 2 * key.length;
    }
}
