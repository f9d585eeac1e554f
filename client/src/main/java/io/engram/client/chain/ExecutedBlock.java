package io.engram.client.chain;

import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.Receipt;
import io.engram.inference.commitment.InferenceOutput;
import io.engram.inference.commitment.InferenceReceipt;
import java.util.List;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * A block with everything that executing it produced, ready to be stored.
 *
 * @param hash on-chain hash of the header (under QBFT: round 0, no seals)
 * @param totalDifficulty of the chain up to and including this block
 * @param receipts one for each transaction
 * @param inferences of the whole block in execution order
 * @param outputs of those inferences; none when they are too large to be kept
 * @param inferenceSteps of those inferences, as far as this node computed them
 */
public record ExecutedBlock(
        Block block,
        Hash hash,
        UInt256 totalDifficulty,
        List<Receipt> receipts,
        List<InferenceReceipt> inferences,
        List<InferenceOutput> outputs,
        long inferenceSteps) {
    public ExecutedBlock {
        receipts = List.copyOf(receipts);
        inferences = List.copyOf(inferences);
        outputs = List.copyOf(outputs);
    }

    /** The same with seals, which change neither its hash nor its execution. */
    ExecutedBlock sealedAs(Block sealed) {
        return new ExecutedBlock(sealed, hash, totalDifficulty, receipts, inferences, outputs, inferenceSteps);
    }
}
