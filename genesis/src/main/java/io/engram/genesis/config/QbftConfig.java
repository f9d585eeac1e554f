package io.engram.genesis.config;

import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The genesis section {@code config.qbft} in Besu's terms, with the changes of {@code config.transitions.qbft}.
 *
 * @param blockPeriodMilliseconds in place of the period in seconds, for tests; 0 for none
 * @param emptyBlockPeriodSeconds how long a proposer without transactions waits; 0 to not wait
 * @param epochLength blocks after which pending votes are dropped
 * @param miningBeneficiary receives block rewards and fees; the proposer when absent
 * @param validatorContract answers {@code getValidators()}; absent when headers carry the validators
 * @param transitions in the order in which they apply; empty in what {@link #at} returns
 */
public record QbftConfig(
        long blockPeriodSeconds,
        long blockPeriodMilliseconds,
        long emptyBlockPeriodSeconds,
        long requestTimeoutSeconds,
        long epochLength,
        Optional<Address> miningBeneficiary,
        Wei blockReward,
        Optional<Address> validatorContract,
        MessageLimits limits,
        List<Transition> transitions) {

    public QbftConfig {
        transitions = List.copyOf(transitions);
    }

    /** Bounds on consensus messages kept in memory. */
    public record MessageLimits(
            int gossipedHistory, int messageQueue, int duplicateMessages, int futureMessages, int futureDistance) {

        public static final MessageLimits DEFAULT = new MessageLimits(1_000, 1_000, 100, 1_000, 10);
    }

    /** When a transition begins to hold; known from the parent, before the block is made. */
    public sealed interface Start {

        /** @param parentTimestamp seconds since 1970, unsigned */
        boolean holds(long number, long parentTimestamp);

        /** From a block on. */
        record AtBlock(long block) implements Start {
            @Override
            public boolean holds(long number, long parentTimestamp) {
                return number >= block;
            }
        }

        /** From the first block on whose parent's timestamp has reached this one. */
        record AtTime(long seconds) implements Start {
            @Override
            public boolean holds(long number, long parentTimestamp) {
                return number > 0 && Long.compareUnsigned(parentTimestamp, seconds) >= 0;
            }
        }
    }

    /** What changes at a block or a time; absent fields stay. */
    public record Transition(
            Start start,
            Optional<List<Address>> validators,
            OptionalLong blockPeriodSeconds,
            OptionalLong emptyBlockPeriodSeconds,
            Optional<Wei> blockReward,
            Optional<Beneficiary> miningBeneficiary,
            Optional<ValidatorSelection> validatorSelection) {}

    /** A new beneficiary, or none: the proposer. */
    public record Beneficiary(Optional<Address> address) {}

    /** Where the validator set comes from: a contract, or the headers. */
    public record ValidatorSelection(Optional<Address> contract) {}

    /** The values in force for the block after {@code parent}. */
    public QbftConfig after(BlockHeader parent) {
        return at(parent.number() + 1, parent.timestamp());
    }

    /**
     * The values in force for block {@code number}.
     *
     * @param parentTimestamp seconds since 1970; not looked at for block 0
     */
    public QbftConfig at(long number, long parentTimestamp) {
        QbftConfig current = new QbftConfig(
                blockPeriodSeconds,
                blockPeriodMilliseconds,
                emptyBlockPeriodSeconds,
                requestTimeoutSeconds,
                epochLength,
                miningBeneficiary,
                blockReward,
                validatorContract,
                limits,
                List.of());
        for (Transition transition : transitions) {
            if (transition.start().holds(number, parentTimestamp)) {
                current = current.changedBy(transition);
            }
        }
        return current;
    }

    /**
     * The validators that a transition puts in the place of those elected, in the first block in which it holds: the one
     * after {@code parent}.
     *
     * @param grandparent absent where {@code parent} is genesis
     */
    public Optional<List<Address>> validatorOverride(BlockHeader parent, Optional<BlockHeader> grandparent) {
        return transitions.stream()
                .filter(transition -> transition.start().holds(parent.number() + 1, parent.timestamp())
                        && grandparent
                                .filter(before -> transition.start().holds(parent.number(), before.timestamp()))
                                .isEmpty())
                .flatMap(transition -> transition.validators().stream())
                .reduce((earlier, later) -> later);
    }

    private QbftConfig changedBy(Transition transition) {
        return new QbftConfig(
                transition.blockPeriodSeconds().orElse(blockPeriodSeconds),
                blockPeriodMilliseconds,
                transition.emptyBlockPeriodSeconds().orElse(emptyBlockPeriodSeconds),
                requestTimeoutSeconds,
                epochLength,
                transition.miningBeneficiary().map(Beneficiary::address).orElse(miningBeneficiary),
                transition.blockReward().orElse(blockReward),
                transition
                        .validatorSelection()
                        .map(ValidatorSelection::contract)
                        .orElse(validatorContract),
                limits,
                List.of());
    }
}
