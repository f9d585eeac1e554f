package io.engram.genesis.config;

import io.engram.genesis.Address;
import io.engram.genesis.Wei;
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
 * @param transitions ascending by block; empty in what {@link #at} returns
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

    /** What changes at a block; absent fields stay. */
    public record Transition(
            long block,
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

    /** The values in force for block {@code number}. */
    public QbftConfig at(long number) {
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
            if (transition.block() <= number) {
                current = current.after(transition);
            }
        }
        return current;
    }

    /** The validators that a transition at exactly this block puts in the place of those elected. */
    public Optional<List<Address>> validatorOverride(long number) {
        return transitions.stream()
                .filter(transition -> transition.block() == number)
                .findFirst()
                .flatMap(Transition::validators);
    }

    private QbftConfig after(Transition transition) {
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
