package io.engram.client.consensus;

import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftExtraData;
import java.util.Optional;

/** This node's wishes about the validators. */
public interface VoteSource {

    /** The vote to put into the block after {@code parent}. */
    Optional<QbftExtraData.Vote> voteAfter(BlockHeader parent, ValidatorSet validators);
}
