package io.engram.client.chain;

import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.HeaderHasher;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.QbftConfig;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.fork.ForkSchedule;
import io.engram.genesis.system.RequestContracts;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/** The rules of a chain, block by block. Immutable and thread-safe. */
public final class ChainRules {

    private final ChainConfig config;

    public ChainRules(ChainConfig config) {
        this.config = config;
    }

    public UInt256 chainId() {
        return config.chainId();
    }

    public ForkSchedule forks() {
        return config.forks();
    }

    public Optional<QbftConfig> qbft() {
        return config.qbft();
    }

    public boolean isQbft() {
        return config.qbft().isPresent();
    }

    public Optional<InferenceConfig> inference() {
        return config.inference();
    }

    public Optional<RequestContracts> requestContracts() {
        return config.requestContracts();
    }

    /** How this chain's headers are hashed. */
    public HeaderHasher hasher() {
        return config.hasher();
    }

    /**
     * The rules of a block.
     *
     * @param timestamp the block's, seconds since 1970
     * @param parentTimestamp decides on QBFT's transitions; for genesis not looked at
     * @param parentTotalDifficulty decides on the merge; for genesis its own difficulty
     */
    public BlockRules at(long number, long timestamp, long parentTimestamp, UInt256 parentTotalDifficulty) {
        Fork fork = forks().at(number, timestamp, parentTotalDifficulty);
        return new BlockRules(
                fork,
                chainId(),
                fork.isAtLeast(Fork.CANCUN) ? Optional.of(forks().blobSchedule(timestamp)) : Optional.empty(),
                qbft().map(qbft -> seal(qbft.at(number, parentTimestamp))).orElseGet(BlockRules.Seal.Unchecked::new),
                inference().filter(inference -> number >= inference.activationBlock()));
    }

    private static BlockRules.Seal seal(QbftConfig qbft) {
        long period = qbft.blockPeriodMilliseconds() > 0 ? 0 : qbft.blockPeriodSeconds();
        return new BlockRules.Seal.Qbft(period, qbft.blockReward(), qbft.miningBeneficiary(), qbft.validatorContract());
    }

    /** The rules of a block that follows {@code parent}. */
    public BlockRules after(ChainStore.Head parent, long timestamp) {
        return at(parent.number() + 1, timestamp, parent.header().timestamp(), parent.totalDifficulty());
    }

    /** The rules of a block that is stored. */
    public BlockRules of(BlockHeader header, ChainStore store) {
        long parentTimestamp =
                store.header(header.parentHash()).map(BlockHeader::timestamp).orElse(header.timestamp());
        UInt256 difficulty = store.totalDifficulty(header.parentHash()).orElse(header.difficulty());
        return at(header.number(), header.timestamp(), parentTimestamp, difficulty);
    }

    /** The base fee of a London block that follows {@code parent}. */
    public Wei nextBaseFee(BlockHeader parent) {
        return parent.baseFee()
                .map(fee -> config.baseFee().next(fee, parent.gasUsed(), parent.gasLimit()))
                .orElseGet(config.baseFee()::initial);
    }
}
