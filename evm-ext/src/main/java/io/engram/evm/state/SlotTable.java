package io.engram.evm.state;

import io.engram.evm.word.Words;
import java.util.Arrays;

/**
 * The storage slots of one account that a block has met: an open-addressing index over slots numbered in the order of
 * their first use. A slot's number never changes. Used by one thread.
 */
final class SlotTable {

    /** Longs of one slot: four words of four limbs each, at the offsets that follow. */
    static final int STRIDE = 16;

    static final int KEY = 0;
    static final int CURRENT = 4;

    /** The value when the transaction began. */
    static final int ORIGINAL = 8;

    /** The value when the block began. */
    static final int BASE = 12;

    private static final int FIRST_CAPACITY = 8;

    long[] words = new long[FIRST_CAPACITY * STRIDE];

    /** The transaction in which ORIGINAL was taken. */
    int[] originalOf = new int[FIRST_CAPACITY];

    /** The transaction in which the slot is warm. */
    int[] warmIn = new int[FIRST_CAPACITY];

    private int[] index = new int[FIRST_CAPACITY * 2];
    private int size;

    int size() {
        return size;
    }

    /** The number of the slot whose key is the word at {@code key}, or −1. */
    int find(long[] s, int key) {
        int mask = index.length - 1;
        int at = hash(s[key], s[key + 1], s[key + 2], s[key + 3]) & mask;
        while (true) {
            int slot = index[at] - 1;
            if (slot < 0 || equalKey(slot, s, key)) {
                return slot;
            }
            at = (at + 1) & mask;
        }
    }

    /** Adds a slot that is not there, with all values zero, and returns its number. */
    int add(long[] s, int key) {
        if (size == originalOf.length) {
            grow();
        }
        int slot = size++;
        int at = slot * STRIDE;
        Words.set(words, at, s[key], s[key + 1], s[key + 2], s[key + 3]);
        Arrays.fill(words, at + CURRENT, at + STRIDE, 0);
        insert(slot);
        return slot;
    }

    /** Sets every value to zero: the account's storage is gone. */
    void clear() {
        for (int slot = 0; slot < size; slot++) {
            Arrays.fill(words, slot * STRIDE + CURRENT, (slot + 1) * STRIDE, 0);
        }
    }

    private void grow() {
        int capacity = Math.multiplyExact(originalOf.length, 2);
        words = Arrays.copyOf(words, Math.multiplyExact(capacity, STRIDE));
        originalOf = Arrays.copyOf(originalOf, capacity);
        warmIn = Arrays.copyOf(warmIn, capacity);
        index = new int[capacity * 2];
        for (int slot = 0; slot < size; slot++) {
            insert(slot);
        }
    }

    private void insert(int slot) {
        int key = slot * STRIDE;
        int mask = index.length - 1;
        int at = hash(words[key], words[key + 1], words[key + 2], words[key + 3]) & mask;
        while (index[at] != 0) {
            at = (at + 1) & mask;
        }
        index[at] = slot + 1;
    }

    private boolean equalKey(int slot, long[] s, int key) {
        int at = slot * STRIDE;
        return ((words[at] ^ s[key])
                        | (words[at + 1] ^ s[key + 1])
                        | (words[at + 2] ^ s[key + 2])
                        | (words[at + 3] ^ s[key + 3]))
                == 0;
    }

    private static int hash(long k0, long k1, long k2, long k3) {
        return HashSeed.mix(k0, k1, k2, k3);
    }
}
