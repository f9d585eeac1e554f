package io.engram.client.trie;

/** Where the nodes of a new trie go when only its root is wanted. */
public enum DiscardedNodes implements NodeStore {
    INSTANCE;

    @Override
    public byte[] load(byte[] path, int length) {
        throw new IllegalStateException("a new trie has no stored nodes");
    }

    @Override
    public void put(byte[] path, int length, byte[] node) {}

    @Override
    public void remove(byte[] path, int length) {}
}
