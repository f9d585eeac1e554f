package io.engram.client.chain;

import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.inference.commitment.InferenceReceipt;
import java.util.List;

/**
 * A block whose inference root this node's back end did not reproduce.
 *
 * @param hash on-chain hash
 * @param own what this node's back end made of the block
 * @param backend its name then
 */
public record InferenceDisagreement(Block block, Hash hash, List<InferenceReceipt> own, String backend) {
    public InferenceDisagreement {
        own = List.copyOf(own);
    }
}
