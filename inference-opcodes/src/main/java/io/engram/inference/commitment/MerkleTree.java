package io.engram.inference.commitment;

import io.engram.genesis.Hash;
import java.util.ArrayList;
import java.util.List;

/**
 * A binary hash tree in the shape of RFC 6962: leaf {@code SHA-256(0x00 ‖ data)}, node {@code SHA-256(0x01 ‖ left ‖
 * right)}, the left part of every split the largest power of two below its size. Immutable.
 */
public final class MerkleTree {

    /** From the leaf hashes up; an odd last hash goes up as it is, which gives the same tree as splitting from the top. */
    private final List<byte[]> levels;

    private final int size;

    private MerkleTree(byte[] leaves) {
        this.size = leaves.length / Hash.SIZE;
        this.levels = new ArrayList<>();
        Sha256 sha = new Sha256();
        byte[] level = leaves;
        levels.add(level);
        while (level.length > Hash.SIZE) {
            level = above(sha, level, level.length / Hash.SIZE);
            levels.add(level);
        }
    }

    /** @throws IllegalArgumentException when there is no leaf */
    public static MerkleTree ofLeaves(List<byte[]> leaves) {
        if (leaves.isEmpty()) {
            throw new IllegalArgumentException("a tree has at least one leaf");
        }
        byte[] hashes = new byte[leaves.size() * Hash.SIZE];
        Sha256 sha = new Sha256();
        for (int i = 0; i < leaves.size(); i++) {
            byte[] leaf = leaves.get(i);
            sha.leaf(leaf, 0, leaf.length, hashes, i * Hash.SIZE);
        }
        return new MerkleTree(hashes);
    }

    /**
     * A tree whose leaves are steps. They may come to megabytes, so all are written to one buffer.
     *
     * @throws IllegalArgumentException when there is no step
     */
    static MerkleTree ofSteps(List<StepLeaf> steps) {
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a tree has at least one leaf");
        }
        byte[] hashes = new byte[steps.size() * Hash.SIZE];
        byte[] buffer = new byte[steps.stream().mapToInt(StepLeaf::size).max().getAsInt()];
        Sha256 sha = new Sha256();
        for (int i = 0; i < steps.size(); i++) {
            StepLeaf step = steps.get(i);
            step.write(buffer);
            sha.leaf(buffer, 0, step.size(), hashes, i * Hash.SIZE);
        }
        return new MerkleTree(hashes);
    }

    /**
     * A tree whose leaves are the chunks of {@code data}, the last one possibly shorter.
     *
     * @throws IllegalArgumentException when there is no data
     */
    public static MerkleTree ofChunks(byte[] data, int chunkSize) {
        return new MerkleTree(chunkHashes(new Sha256(), data, chunkSize));
    }

    /** The top of {@link #ofChunks} without the tree. */
    static Hash topOfChunks(byte[] data, int chunkSize) {
        return topOfChunks(new Sha256(), data, chunkSize);
    }

    static Hash topOfChunks(Sha256 sha, byte[] data, int chunkSize) {
        byte[] level = chunkHashes(sha, data, chunkSize);
        int count = level.length / Hash.SIZE;
        while (count > 1) {
            int pairs = count / 2;
            for (int i = 0; i < pairs; i++) {
                sha.node(level, 2 * i * Hash.SIZE, level, i * Hash.SIZE);
            }
            if ((count & 1) != 0) {
                System.arraycopy(level, (count - 1) * Hash.SIZE, level, pairs * Hash.SIZE, Hash.SIZE);
            }
            count = pairs + (count & 1);
        }
        return Hash.read(level, 0);
    }

    /** Number of leaves. */
    public int size() {
        return size;
    }

    /** The hash over all leaves; a commitment adds a tag and a length to it. */
    public Hash top() {
        return Hash.of(levels.get(levels.size() - 1));
    }

    /** @throws IndexOutOfBoundsException when there is no such leaf */
    public MerkleProof proof(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("leaf " + index + " of " + size);
        }
        List<Hash> path = new ArrayList<>();
        int position = index;
        for (int i = 0; i < levels.size() - 1; i++) {
            byte[] level = levels.get(i);
            int sibling = position ^ 1;
            if (sibling < level.length / Hash.SIZE) {
                path.add(Hash.read(level, sibling * Hash.SIZE));
            }
            position >>= 1;
        }
        return new MerkleProof(index, size, path);
    }

    static Hash leafHash(byte[] data) {
        byte[] hash = new byte[Hash.SIZE];
        new Sha256().leaf(data, 0, data.length, hash, 0);
        return Hash.of(hash);
    }

    static Hash nodeHash(Hash left, Hash right) {
        byte[] pair = new byte[2 * Hash.SIZE];
        left.write(pair, 0);
        right.write(pair, Hash.SIZE);
        byte[] hash = new byte[Hash.SIZE];
        new Sha256().node(pair, 0, hash, 0);
        return Hash.of(hash);
    }

    private static byte[] chunkHashes(Sha256 sha, byte[] data, int chunkSize) {
        if (data.length == 0) {
            throw new IllegalArgumentException("a tree has at least one leaf");
        }
        int chunks = (data.length - 1) / chunkSize + 1;
        byte[] hashes = new byte[chunks * Hash.SIZE];
        for (int i = 0; i < chunks; i++) {
            int start = i * chunkSize;
            sha.leaf(data, start, Math.min(chunkSize, data.length - start), hashes, i * Hash.SIZE);
        }
        return hashes;
    }

    private static byte[] above(Sha256 sha, byte[] level, int count) {
        int pairs = count / 2;
        byte[] next = new byte[(pairs + (count & 1)) * Hash.SIZE];
        for (int i = 0; i < pairs; i++) {
            sha.node(level, 2 * i * Hash.SIZE, next, i * Hash.SIZE);
        }
        if ((count & 1) != 0) {
            System.arraycopy(level, (count - 1) * Hash.SIZE, next, pairs * Hash.SIZE, Hash.SIZE);
        }
        return next;
    }
}
