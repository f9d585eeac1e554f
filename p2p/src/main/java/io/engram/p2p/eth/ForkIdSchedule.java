package io.engram.p2p.eth;

import io.engram.genesis.Hash;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InferenceConfigHash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * The fork ids of a chain and the rule by which two nodes tell whether their chains can be one (EIP-2124, EIP-6122).
 *
 * <p>The checksum is CRC32 over the genesis hash, then over each fork passed: its block number or time as 8 big-endian bytes.
 * The activation of inference after genesis is a fork by block number, and there the checksum goes on over the 32 bytes of
 * {@code inferenceConfigHash}, so that nodes with different constants part at that block. An activation in genesis adds
 * nothing, as the genesis hash covers the constants already. Forks by number come before forks by time: a time that passes
 * before the last number does shows in the fork id when that number has passed. Immutable and thread-safe.
 */
public final class ForkIdSchedule {

    /** An announced next fork is a time from here on, the time of Ethereum's first block, and a block number below. */
    private static final long FIRST_TIME = 1_438_269_973;

    private final List<Fork> forks;

    private final int genesisChecksum;

    /**
     * @param checksum when the fork is passed
     */
    private record Fork(long at, boolean byTime, int checksum) {

        boolean isPassed(long number, long timestamp) {
            return Long.compareUnsigned(byTime ? timestamp : number, at) >= 0;
        }
    }

    private ForkIdSchedule(int genesisChecksum, List<Fork> forks) {
        this.genesisChecksum = genesisChecksum;
        this.forks = List.copyOf(forks);
    }

    public static ForkIdSchedule of(ChainConfig config, Hash genesisHash, long genesisTime) {
        Optional<InferenceConfig> inference = config.inference().filter(constants -> constants.activationBlock() != 0);
        TreeMap<Long, Optional<Hash>> blocks = new TreeMap<>();
        config.forks().forkIdBlocks().forEach(block -> blocks.put(block, Optional.empty()));
        inference.ifPresent(
                constants -> blocks.put(constants.activationBlock(), Optional.of(InferenceConfigHash.of(constants))));

        CRC32 crc = new CRC32();
        crc.update(genesisHash.toArray());
        int genesisChecksum = (int) crc.getValue();
        List<Fork> forks = new ArrayList<>();
        blocks.forEach((block, constants) -> {
            crc.update(bigEndian(block));
            constants.ifPresent(hash -> crc.update(hash.toArray()));
            forks.add(new Fork(block, false, (int) crc.getValue()));
        });
        for (long time : config.forks().forkIdTimes()) {
            if (Long.compareUnsigned(time, genesisTime) > 0) {
                crc.update(bigEndian(time));
                forks.add(new Fork(time, true, (int) crc.getValue()));
            }
        }
        return new ForkIdSchedule(genesisChecksum, forks);
    }

    private static byte[] bigEndian(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    /** The fork id of a node whose head is this block. */
    public ForkId at(long number, long timestamp) {
        int passed = passed(number, timestamp);
        return new ForkId(checksum(passed), next(passed));
    }

    /**
     * Whether a node with that fork id can be on the same chain, seen from this head. In the words of the EIP: the same forks
     * are passed and the next one announced is not behind us; or the other side is behind and knows what comes next; or we are
     * behind and will pass what it has.
     */
    public boolean accepts(ForkId remote, long number, long timestamp) {
        int passed = passed(number, timestamp);
        if (remote.hash() == checksum(passed)) {
            long reached = Long.compareUnsigned(remote.next(), FIRST_TIME) >= 0 ? timestamp : number;
            return remote.next() == 0 || Long.compareUnsigned(reached, remote.next()) < 0;
        }
        for (int earlier = 0; earlier < passed; earlier++) {
            if (remote.hash() == checksum(earlier)) {
                return remote.next() == forks.get(earlier).at();
            }
        }
        for (int later = passed + 1; later <= forks.size(); later++) {
            if (remote.hash() == checksum(later)) {
                return true;
            }
        }
        return false;
    }

    private int passed(long number, long timestamp) {
        int passed = 0;
        while (passed < forks.size() && forks.get(passed).isPassed(number, timestamp)) {
            passed++;
        }
        return passed;
    }

    private int checksum(int passed) {
        return passed == 0 ? genesisChecksum : forks.get(passed - 1).checksum();
    }

    private long next(int passed) {
        return passed < forks.size() ? forks.get(passed).at() : 0;
    }
}
