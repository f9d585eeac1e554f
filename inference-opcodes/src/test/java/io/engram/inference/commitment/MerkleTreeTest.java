package io.engram.inference.commitment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Hash;
import io.engram.inference.Seeds;
import io.engram.inference.TestGraphs;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {

    @Test
    void theTopIsTheOneOfTheRecursiveDefinition() throws Exception {
        for (int size = 1; size <= 70; size++) {
            List<byte[]> leaves = leaves(size);
            assertThat(MerkleTree.ofLeaves(leaves).top().toArray())
                    .as("%d leaves", size)
                    .isEqualTo(slowTop(leaves));
        }
    }

    @Test
    void everyProofLeadsToTheTop() {
        for (int size = 1; size <= 70; size++) {
            List<byte[]> leaves = leaves(size);
            MerkleTree tree = MerkleTree.ofLeaves(leaves);
            for (int i = 0; i < size; i++) {
                assertThat(tree.proof(i).top(leaves.get(i))).contains(tree.top());
            }
        }
    }

    @Test
    void aChangedProofDoesNotLeadToTheTop() {
        Seeds.each(300, random -> {
            int size = random.nextInt(1, 40);
            List<byte[]> leaves = leaves(size);
            MerkleTree tree = MerkleTree.ofLeaves(leaves);
            int index = random.nextInt(size);
            MerkleProof proof = tree.proof(index);
            List<Hash> path = new ArrayList<>(proof.path());
            byte[] leaf = leaves.get(index).clone();
            MerkleProof changed = switch (random.nextInt(5)) {
                case 0 -> {
                    leaf = Arrays.copyOf(leaf, leaf.length + 1);
                    yield proof;
                }
                case 1 -> {
                    path.add(Hash.ZERO);
                    yield new MerkleProof(index, size, path);
                }
                case 2 -> {
                    if (path.isEmpty()) {
                        leaf[0] ^= 1;
                    } else {
                        path.removeLast();
                    }
                    yield new MerkleProof(index, size, path);
                }
                case 3 -> {
                    if (path.isEmpty()) {
                        leaf[0] ^= 1;
                    } else {
                        int at = random.nextInt(path.size());
                        Hash old = path.get(at);
                        path.set(at, new Hash(old.w0() ^ 1, old.w1(), old.w2(), old.w3()));
                    }
                    yield new MerkleProof(index, size, path);
                }
                default -> new MerkleProof(size, size, path);
            };
            assertThat(changed.top(leaf)).isNotEqualTo(java.util.Optional.of(tree.top()));
        });
    }

    @Test
    void chunksAreLeavesAndAShortLastOneKeepsItsLength() throws Exception {
        for (int length : new int[] {1, 15, 16, 17, 31, 32, 33, 100, 161}) {
            byte[] data = TestGraphs.bytes(TestGraphs.random(length), length);
            List<byte[]> leaves = new ArrayList<>();
            for (int at = 0; at < length; at += 16) {
                leaves.add(Arrays.copyOfRange(data, at, Math.min(at + 16, length)));
            }
            assertThat(MerkleTree.ofChunks(data, 16).top().toArray()).isEqualTo(slowTop(leaves));
            assertThat(MerkleTree.topOfChunks(data, 16))
                    .isEqualTo(MerkleTree.ofChunks(data, 16).top());
        }
    }

    @Test
    void anEmptyTreeIsRefused() {
        assertThatThrownBy(() -> MerkleTree.ofLeaves(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MerkleTree.ofChunks(new byte[0], 16)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<byte[]> leaves(int size) {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            leaves.add(TestGraphs.bytes(TestGraphs.random(i), 1 + i % 5));
        }
        return leaves;
    }

    /** RFC 6962, 2.1, word by word. */
    static byte[] slowTop(List<byte[]> leaves) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        if (leaves.size() == 1) {
            sha.update((byte) 0);
            return sha.digest(leaves.get(0));
        }
        int split = 1;
        while (2 * split < leaves.size()) {
            split *= 2;
        }
        byte[] left = slowTop(leaves.subList(0, split));
        byte[] right = slowTop(leaves.subList(split, leaves.size()));
        sha.update((byte) 1);
        sha.update(left);
        return sha.digest(right);
    }
}
