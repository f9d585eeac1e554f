package io.engram.client.consensus.qbft;

import io.engram.client.consensus.BlockSigner;
import io.engram.client.consensus.ChainHeaders;
import io.engram.client.consensus.Signatures;
import io.engram.client.consensus.ValidatorProvider;
import io.engram.client.consensus.VoteSource;

/** Everything that {@link QbftMachine} uses. */
public record QbftPorts(
        BlockSigner signer,
        Signatures signatures,
        SafetyStore safety,
        BlockExecutor executor,
        MessageSender sender,
        QbftTimers timers,
        ValidatorProvider validators,
        ChainHeaders headers,
        VoteSource votes) {}
