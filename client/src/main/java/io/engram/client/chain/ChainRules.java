package io.engram.client.chain;

import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.HeaderHasher;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.fork.BaseFee;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.fork.ForkSchedule;
import io.engram.genesis.qbft.QbftHasher;
import java.util.Optional;
import java.util.function.LongFunction;
import org.apache.tuweni.units.bigints.UInt256;

/** The rules of a chain, block by block. Immutable and thread-safe. */
public final class ChainRules {

    private final UInt256 chainId;
    private final ForkSchedule forks;
    private final BaseFee baseFee;
    private final Optional<LongFunction<BlockRules.Seal.Qbft>> qbft;
    private final Optional<InferenceConfig> inference;
    private final Optional<Address> depositContract;

    /**
     * @param qbft QBFT's parameters by block number; absent where blocks have no seals
     * @param depositContract whose logs are deposits from Prague on (EIP-6110); absent where the chain has none
     */
    public ChainRules(
            UInt256 chainId,
            ForkSchedule forks,
            BaseFee baseFee,
            Optional<LongFunction<BlockRules.Seal.Qbft>> qbft,
            Optional<InferenceConfig> inference,
            Optional<Address> depositContract) {
        this.chainId = chainId;
        this.forks = forks;
        this.baseFee = baseFee;
        this.qbft = qbft;
        this.inference = inference;
        this.depositContract = depositContract;
    }

    public UInt256 chainId() {
        return chainId;
    }

    public ForkSchedule forks() {
        return forks;
    }

    public boolean isQbft() {
        return qbft.isPresent();
    }

    public Optional<InferenceConfig> inference() {
        return inference;
    }

    Optional<Address> depositContract() {
        return depositContract;
    }

    /** How this chain's headers are hashed. */
    public HeaderHasher hasher() {
        return isQbft() ? QbftHasher.INSTANCE : HeaderHasher.KECCAK;
    }

    /**
     * The rules of a block.
     *
     * @param timestamp the block's, seconds since 1970
     * @param parentTotalDifficulty decides on the merge; for genesis its own difficulty
     */
    public BlockRules at(long number, long timestamp, UInt256 parentTotalDifficulty) {
        Fork fork = forks.at(number, timestamp, parentTotalDifficulty);
        return new BlockRules(
                fork,
                chainId,
                fork.isAtLeast(Fork.CANCUN) ? Optional.of(forks.blobSchedule(timestamp)) : Optional.empty(),
                qbft.<BlockRules.Seal>map(byNumber -> byNumber.apply(number)).orElseGet(BlockRules.Seal.Unchecked::new),
                inference.filter(config -> number >= config.activationBlock()));
    }

    /** The rules of a block that follows {@code parent}. */
    public BlockRules after(ChainStore.Head parent, long timestamp) {
        return at(parent.number() + 1, timestamp, parent.totalDifficulty());
    }

    /** The base fee of a London block that follows {@code parent}. */
    public Wei nextBaseFee(BlockHeader parent) {
        return parent.baseFee()
                .map(fee -> baseFee.next(fee, parent.gasUsed(), parent.gasLimit()))
                .orElseGet(baseFee::initial);
    }
}
