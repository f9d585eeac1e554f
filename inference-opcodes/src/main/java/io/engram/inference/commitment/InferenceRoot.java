package io.engram.inference.commitment;

import io.engram.genesis.Hash;
import java.util.ArrayList;
import java.util.List;

/** The commitment of a block to its inferences: the vanity of the block's extra data. */
public final class InferenceRoot {

    private InferenceRoot() {}

    /** The root over the receipts of a block in order; zero when there are none. */
    public static Hash of(List<InferenceReceipt> receipts) {
        return receipts.isEmpty()
                ? Hash.ZERO
                : of(receipts.size(), tree(receipts).top());
    }

    /** The root over {@code count} receipts whose tree has this top. */
    public static Hash of(int count, Hash top) {
        return Commitments.root(CommitmentTag.RECEIPTS, count, top);
    }

    /** @throws IllegalArgumentException when there are no receipts */
    public static MerkleTree tree(List<InferenceReceipt> receipts) {
        List<byte[]> leaves = new ArrayList<>(receipts.size());
        for (InferenceReceipt receipt : receipts) {
            leaves.add(receipt.toBytes());
        }
        return MerkleTree.ofLeaves(leaves);
    }
}
