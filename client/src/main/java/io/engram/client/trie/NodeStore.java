package io.engram.client.trie;

/** Receives what an update does to the stored nodes of one trie; no position is reported twice in one update. */
public interface NodeStore extends NodeReader {

    /** The node at this position is now {@code node}. The path is not to be kept. */
    void put(byte[] path, int length, byte[] node);

    /** There is no node at this position any more. The path is not to be kept. */
    void remove(byte[] path, int length);
}
