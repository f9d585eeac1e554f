package io.engram.client.trie;

/**
 * A decoded trie node. A child is held as a reference in the form in which its parent's RLP carries it: 0x80 for none,
 * 0xa0 and the hash for a node of its own, or the RLP of an embedded node of less than 32 bytes.
 */
sealed interface Node {

    /** @param path the nibbles left to the end of the key, a byte each */
    record Leaf(byte[] path, byte[] value) implements Node {}

    /**
     * @param path at least one nibble
     * @param child of a branch
     */
    record Extension(byte[] path, byte[] child) implements Node {}

    /**
     * @param children sixteen references; at least two of them are not empty, or one beside a value
     * @param value of the key that ends here, as in no trie of a chain one does; empty for none
     */
    record Branch(byte[][] children, byte[] value) implements Node {}

    /** What becomes of a position without a node to show for it. */
    enum Outcome implements Node {
        /** No key lies below. */
        EMPTY,
        /** The node that was there stays. */
        UNCHANGED
    }
}
