package io.engram.client.chain;

import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.fork.BlobSchedule;
import io.engram.genesis.fork.Fork;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The rules of one block, which follow from its number and timestamp.
 *
 * @param chainId what CHAINID pushes and what replay-protected transactions must carry
 * @param blobs present from Cancun on
 * @param seal how the block is made final
 * @param inference present where the inference opcodes are active
 */
public record BlockRules(
        Fork fork, UInt256 chainId, Optional<BlobSchedule> blobs, Seal seal, Optional<InferenceConfig> inference) {

    /** How blocks are sealed. */
    public sealed interface Seal {

        /** Ethereum's main network before and after the merge; proof of work itself is not checked. */
        record Unchecked() implements Seal {}

        /**
         * QBFT.
         *
         * @param periodSeconds least distance of a block to its parent
         * @param reward created for the beneficiary of each block
         * @param beneficiary receives fees and reward in place of the proposer
         * @param validatorContract names the validators in place of the headers
         */
        record Qbft(long periodSeconds, Wei reward, Optional<Address> beneficiary, Optional<Address> validatorContract)
                implements Seal {}
    }

    public boolean isQbft() {
        return seal instanceof Seal.Qbft;
    }

    /** Whether proof of work makes blocks: the difficulty rule, ommers and rewards apply. */
    public boolean isProofOfWork() {
        return !isQbft() && !fork.isAtLeast(Fork.PARIS);
    }
}
