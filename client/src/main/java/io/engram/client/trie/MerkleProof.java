package io.engram.client.trie;

import io.engram.genesis.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * The stored nodes from the root towards a key (EIP-1186).
 *
 * @param value what the key holds; absent when the nodes prove that the trie has no such key
 * @param nodes RLP, root first; embedded nodes are part of their parents; empty for the empty trie
 */
public record MerkleProof(Optional<Bytes> value, List<Bytes> nodes) {
    public MerkleProof {
        nodes = List.copyOf(nodes);
    }

    /** @throws CorruptNodeException when a stored node is missing or malformed */
    public static MerkleProof of(NodeReader reader, Hash root, byte[] key) {
        List<Bytes> nodes = new ArrayList<>();
        if (root.equals(Hash.EMPTY_TRIE)) {
            return new MerkleProof(Optional.empty(), nodes);
        }
        TrieEntry target = new TrieEntry(key, new byte[0]);
        byte[] path = new byte[target.nibbles()];
        for (int i = 0; i < path.length; i++) {
            path[i] = (byte) target.nibble(i);
        }
        byte[] reference = NodeCodec.hashReference(root);
        int depth = 0;
        while (!NodeCodec.isEmpty(reference)) {
            byte[] rlp = reference;
            if (NodeCodec.isHash(reference)) {
                rlp = reader.load(path, depth);
                nodes.add(Bytes.wrap(rlp));
            }
            switch (NodeCodec.decode(rlp)) {
                case Node.Leaf leaf -> {
                    boolean found = leadsOn(path, depth, leaf.path()) && depth + leaf.path().length == path.length;
                    Optional<Bytes> value = found ? Optional.of(Bytes.wrap(leaf.value())) : Optional.empty();
                    return new MerkleProof(value, nodes);
                }
                case Node.Extension extension -> {
                    if (!leadsOn(path, depth, extension.path())) {
                        return new MerkleProof(Optional.empty(), nodes);
                    }
                    depth += extension.path().length;
                    reference = extension.child();
                }
                case Node.Branch branch -> {
                    if (depth == path.length) {
                        Optional<Bytes> value =
                                branch.value().length == 0 ? Optional.empty() : Optional.of(Bytes.wrap(branch.value()));
                        return new MerkleProof(value, nodes);
                    }
                    reference = branch.children()[path[depth]];
                    depth++;
                }
                case Node.Outcome outcome -> throw new IllegalStateException("not a stored node: " + outcome);
            }
        }
        return new MerkleProof(Optional.empty(), nodes);
    }

    private static boolean leadsOn(byte[] path, int depth, byte[] nibbles) {
        if (depth + nibbles.length > path.length) {
            return false;
        }
        for (int i = 0; i < nibbles.length; i++) {
            if (path[depth + i] != nibbles[i]) {
                return false;
            }
        }
        return true;
    }
}
