package io.engram.client.light;

import io.engram.genesis.block.BlockHeader;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.MerkleProof;
import io.engram.inference.commitment.StepLeaf;
import java.util.List;

/**
 * Shows that a chain's validators sealed a block that holds this step of this inference (protocol H).
 *
 * @param genesis the chain's block 0
 * @param trail headers by which trust passes from the validators of genesis to those of {@code header}, ascending; empty
 *     where enough of them are the same
 * @param header of the block, with its seals
 * @param receiptPath from the receipt to the block's inference root
 * @param stepPath from the step to the receipt's steps root
 * @param chunks of the step's operands and results
 */
public record LightProof(
        BlockHeader genesis,
        List<BlockHeader> trail,
        BlockHeader header,
        InferenceReceipt receipt,
        MerkleProof receiptPath,
        StepLeaf step,
        MerkleProof stepPath,
        List<TensorChunk> chunks) {
    public LightProof {
        trail = List.copyOf(trail);
        chunks = List.copyOf(chunks);
    }
}
