package io.engram.client.consensus.qbft;

import io.engram.client.consensus.ValidatorSet;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.QbftConfig;
import java.util.List;

/**
 * What is settled about a height before its first round.
 *
 * @param config in force for the block of this height
 */
record HeightContext(BlockHeader parent, Hash parentHash, ValidatorSet validators, QbftConfig config) {

    private static final long MILLIS = 1_000;

    long height() {
        return parent.number() + 1;
    }

    int quorum() {
        return validators.quorum();
    }

    /** So many validators that one of them at least is honest. */
    int oneHonest() {
        return (validators.size() - 1) / 3 + 1;
    }

    Address proposer(int round) {
        return validators.proposer(parent.coinbase(), round);
    }

    /** The list that the header carries: empty where a contract names the validators. */
    ValidatorSet listed() {
        return config.validatorContract().isPresent() ? new ValidatorSet(List.of()) : validators;
    }

    long periodMillis() {
        return config.blockPeriodMilliseconds() > 0
                ? config.blockPeriodMilliseconds()
                : config.blockPeriodSeconds() * MILLIS;
    }

    /** Least distance of timestamps; the rule of every chain asks for one second. */
    private long stepSeconds() {
        return config.blockPeriodMilliseconds() > 0 ? 1 : Math.max(1, config.blockPeriodSeconds());
    }

    /** Seconds since 1970. */
    long earliestTimestamp() {
        return parent.timestamp() + stepSeconds();
    }

    /** When the first round begins, in milliseconds. */
    long dueMillis() {
        return Math.max(
                parent.timestamp() * MILLIS + periodMillis(),
                earliestTimestamp() * MILLIS - ProposalRules.MAX_CLOCK_SKEW_MILLIS);
    }

    /** When the first round begins even without transactions, in milliseconds. */
    long emptyDueMillis() {
        return Math.max(dueMillis(), (parent.timestamp() + config.emptyBlockPeriodSeconds()) * MILLIS);
    }
}
