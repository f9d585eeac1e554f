package io.engram.client.trie;

/** The stored nodes of one trie, by position. */
public interface NodeReader {

    /**
     * RLP of the node at a position.
     *
     * @param path holds the nibbles, a byte each, in its first {@code length} elements; not to be kept
     * @throws CorruptNodeException when there is none: callers ask only for nodes that their parent names
     */
    byte[] load(byte[] path, int length);
}
