package io.engram.inference.commitment;

import io.engram.genesis.Hash;
import java.util.List;
import java.util.Optional;

/**
 * Shows that a leaf belongs to a tree (RFC 9162, 2.1.3).
 *
 * @param index of the leaf
 * @param size leaves in the tree
 * @param path siblings from the leaf up
 */
public record MerkleProof(int index, int size, List<Hash> path) {
    public MerkleProof {
        path = List.copyOf(path);
    }

    /**
     * The top of the tree that has {@code leaf} at this place; the caller compares it with the one it trusts.
     *
     * @return empty when the path has not the length that index and size ask for
     */
    public Optional<Hash> top(byte[] leaf) {
        if (index < 0 || index >= size) {
            return Optional.empty();
        }
        int position = index;
        int last = size - 1;
        Hash hash = MerkleTree.leafHash(leaf);
        for (Hash sibling : path) {
            if (last == 0) {
                return Optional.empty();
            }
            if ((position & 1) != 0 || position == last) {
                hash = MerkleTree.nodeHash(sibling, hash);
                while ((position & 1) == 0) {
                    position >>= 1;
                    last >>= 1;
                }
            } else {
                hash = MerkleTree.nodeHash(hash, sibling);
            }
            position >>= 1;
            last >>= 1;
        }
        return last == 0 ? Optional.of(hash) : Optional.empty();
    }
}
