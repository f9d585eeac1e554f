package io.engram.client.consensus.qbft;

import io.engram.client.consensus.ValidatorSet;
import io.engram.genesis.Address;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftExtraData;
import java.util.Optional;

/**
 * What a proposed block must be like.
 *
 * @param coinbase this node
 * @param timestamp seconds since 1970
 * @param listed validators that the header carries; none in contract mode
 * @param vote on another validator
 */
public record ProposalRequest(
        BlockHeader parent,
        Address coinbase,
        long timestamp,
        ValidatorSet listed,
        Optional<QbftExtraData.Vote> vote,
        InferencePolicy policy) {}
