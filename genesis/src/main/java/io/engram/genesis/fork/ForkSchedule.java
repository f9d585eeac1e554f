package io.engram.genesis.fork;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * When each rule set of a chain begins. The rules of a block are those of the latest fork that has begun; forks that the
 * genesis file does not name begin with the next one that it does. Immutable and thread-safe.
 *
 * <p>Paris begins with the first block whose parent's total difficulty has reached the terminal one. Where that is not
 * at hand, {@link #at(long, long)} takes the merge to have happened when the terminal total difficulty is 0, at
 * {@code mergeNetsplitBlock}, or with the first fork by time.
 */
public final class ForkSchedule {

    /** Blob-parameter-only forks that a genesis file can name. */
    public static final int MAX_BPO = 5;

    private final List<Milestone> blocks;
    private final List<Milestone> times;
    private final NavigableMap<Long, Long> bombDelays;
    private final NavigableMap<Long, BlobSchedule> blobSchedules;
    private final Optional<UInt256> terminalTotalDifficulty;
    private final OptionalLong mergeBlock;
    private final OptionalLong daoForkBlock;
    private final List<Long> forkIdBlocks;
    private final List<Long> forkIdTimes;

    /**
     * A fork and where it begins.
     *
     * @param at block number or unsigned timestamp
     */
    public record Milestone(Fork fork, long at) {}

    private ForkSchedule(Builder builder) {
        this.blocks = sorted(builder.blocks);
        this.times = sorted(builder.times);
        this.bombDelays = new TreeMap<>(builder.bombDelays);
        this.blobSchedules = builder.blobScheduleByTime();
        this.terminalTotalDifficulty = builder.terminalTotalDifficulty;
        this.mergeBlock = builder.mergeBlock;
        this.daoForkBlock = builder.daoForkBlock;
        this.forkIdBlocks = LongStream.concat(
                        builder.blocks.values().stream().mapToLong(Long::longValue),
                        LongStream.of(builder.extraForkIdBlocks()))
                .filter(block -> block != 0)
                .distinct()
                .sorted()
                .boxed()
                .toList();
        this.forkIdTimes = LongStream.concat(
                        builder.times.values().stream().mapToLong(Long::longValue),
                        builder.bpoTimes.values().stream().mapToLong(Long::longValue))
                .filter(time -> time != 0)
                .distinct()
                .boxed()
                .sorted(Long::compareUnsigned)
                .toList();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** All blocks follow {@code fork}. */
    public static ForkSchedule only(Fork fork) {
        Builder builder = builder();
        for (Fork each : Fork.values()) {
            if (each.isAtLeast(Fork.SHANGHAI)) {
                if (fork.isAtLeast(each)) {
                    builder.time(each, 0);
                }
            } else if (each == Fork.PARIS) {
                if (fork.isAtLeast(each)) {
                    builder.terminalTotalDifficulty(UInt256.ZERO);
                }
            } else if (fork.isAtLeast(each)) {
                builder.block(each, 0);
            }
        }
        return builder.build();
    }

    /** The rules of a block of a chain whose merge, if any, is not decided by total difficulty. */
    public Fork at(long number, long timestamp) {
        return latest(number, timestamp, isMergedByNumber(number));
    }

    /** The rules of a block whose parent's total difficulty is known; for genesis its own difficulty counts. */
    public Fork at(long number, long timestamp, UInt256 parentTotalDifficulty) {
        boolean merged = terminalTotalDifficulty
                .map(terminal -> parentTotalDifficulty.compareTo(terminal) >= 0)
                .orElse(false);
        return latest(number, timestamp, merged || isMergedByNumber(number));
    }

    private boolean isMergedByNumber(long number) {
        return terminalTotalDifficulty.map(UInt256::isZero).orElse(false)
                || (mergeBlock.isPresent() && number >= mergeBlock.getAsLong());
    }

    private Fork latest(long number, long timestamp, boolean merged) {
        for (int i = times.size() - 1; i >= 0; i--) {
            if (Long.compareUnsigned(timestamp, times.get(i).at()) >= 0) {
                return times.get(i).fork();
            }
        }
        if (merged) {
            return Fork.PARIS;
        }
        for (int i = blocks.size() - 1; i >= 0; i--) {
            if (number >= blocks.get(i).at()) {
                return blocks.get(i).fork();
            }
        }
        return Fork.FRONTIER;
    }

    /** The blob parameters of a block; those of Cancun before it. */
    public BlobSchedule blobSchedule(long timestamp) {
        Map.Entry<Long, BlobSchedule> entry = blobSchedules.floorEntry(timestamp);
        return entry == null ? BlobSchedule.CANCUN : entry.getValue();
    }

    /** Blocks by which the difficulty bomb is held back at {@code number}. */
    public long bombDelay(long number) {
        Map.Entry<Long, Long> entry = bombDelays.floorEntry(number);
        return entry == null ? 0 : entry.getValue();
    }

    public Optional<UInt256> terminalTotalDifficulty() {
        return terminalTotalDifficulty;
    }

    /** The block at which the DAO's balances move; absent where the chain did not take part. */
    public OptionalLong daoForkBlock() {
        return daoForkBlock;
    }

    /** Forks by block number in their order. */
    public List<Milestone> blocks() {
        return blocks;
    }

    /** Forks by time in their order, without blob-parameter-only forks. */
    public List<Milestone> times() {
        return times;
    }

    /** The distinct non-zero block numbers that the fork id covers (EIP-2124), ascending. */
    public List<Long> forkIdBlocks() {
        return forkIdBlocks;
    }

    /** The distinct non-zero times that the fork id covers (EIP-6122), ascending; of genesis or earlier included. */
    public List<Long> forkIdTimes() {
        return forkIdTimes;
    }

    private static List<Milestone> sorted(EnumMap<Fork, Long> milestones) {
        List<Milestone> sorted = new ArrayList<>();
        milestones.forEach((fork, at) -> sorted.add(new Milestone(fork, at)));
        sorted.sort(Comparator.comparing(Milestone::fork));
        return List.copyOf(sorted);
    }

    /** Collects what a genesis file says; not thread-safe. */
    public static final class Builder {

        private static final NavigableMap<Fork, Long> BOMB_DELAY_OF_FORK =
                new TreeMap<>(Map.of(Fork.BYZANTIUM, 3_000_000L, Fork.CONSTANTINOPLE, 5_000_000L));
        private static final long MUIR_GLACIER_DELAY = 9_000_000;
        private static final long LONDON_DELAY = 9_700_000;
        private static final long ARROW_GLACIER_DELAY = 10_700_000;
        private static final long GRAY_GLACIER_DELAY = 11_400_000;

        private final EnumMap<Fork, Long> blocks = new EnumMap<>(Fork.class);
        private final EnumMap<Fork, Long> times = new EnumMap<>(Fork.class);
        private final NavigableMap<Long, Long> bombDelays = new TreeMap<>();
        private final NavigableMap<Integer, Long> bpoTimes = new TreeMap<>();
        private final EnumMap<Fork, BlobSchedule> forkSchedules = new EnumMap<>(Fork.class);
        private final NavigableMap<Integer, BlobSchedule> bpoSchedules = new TreeMap<>();
        private Optional<UInt256> terminalTotalDifficulty = Optional.empty();
        private OptionalLong mergeBlock = OptionalLong.empty();
        private OptionalLong daoForkBlock = OptionalLong.empty();

        private Builder() {
            forkSchedules.put(Fork.CANCUN, BlobSchedule.CANCUN);
            forkSchedules.put(Fork.PRAGUE, BlobSchedule.PRAGUE);
            bpoSchedules.put(1, BlobSchedule.BPO1);
            bpoSchedules.put(2, BlobSchedule.BPO2);
        }

        /** A fork up to London begins at a block number. */
        public Builder block(Fork fork, long number) {
            if (fork.isAtLeast(Fork.PARIS)) {
                throw new IllegalArgumentException(fork + " does not begin at a block number");
            }
            blocks.put(fork, number);
            if (fork == Fork.LONDON) {
                delayBomb(number, LONDON_DELAY);
            } else {
                Optional.ofNullable(BOMB_DELAY_OF_FORK.get(fork)).ifPresent(delay -> delayBomb(number, delay));
            }
            return this;
        }

        /** A fork from Shanghai on begins at a time. */
        public Builder time(Fork fork, long timestamp) {
            if (!fork.isAtLeast(Fork.SHANGHAI)) {
                throw new IllegalArgumentException(fork + " does not begin at a time");
            }
            times.put(fork, timestamp);
            return this;
        }

        public Builder muirGlacier(long number) {
            return delayBomb(number, MUIR_GLACIER_DELAY);
        }

        public Builder arrowGlacier(long number) {
            return delayBomb(number, ARROW_GLACIER_DELAY);
        }

        public Builder grayGlacier(long number) {
            return delayBomb(number, GRAY_GLACIER_DELAY);
        }

        private Builder delayBomb(long number, long delay) {
            bombDelays.merge(number, delay, Math::max);
            return this;
        }

        public Builder daoFork(long number) {
            daoForkBlock = OptionalLong.of(number);
            return this;
        }

        public Builder terminalTotalDifficulty(UInt256 difficulty) {
            terminalTotalDifficulty = Optional.of(difficulty);
            return this;
        }

        /** Blocks from this number on are known to be after the merge. */
        public Builder mergeBlock(long number) {
            mergeBlock = OptionalLong.of(number);
            return this;
        }

        /** Blob-parameter-only fork 1 to {@value #MAX_BPO} (EIP-7892). */
        public Builder bpo(int index, long timestamp) {
            checkBpo(index);
            bpoTimes.put(index, timestamp);
            return this;
        }

        /** Blob parameters of Cancun, Prague or Osaka in place of the main network's. */
        public Builder blobSchedule(Fork fork, BlobSchedule schedule) {
            if (!fork.isAtLeast(Fork.CANCUN)) {
                throw new IllegalArgumentException(fork + " has no blobs");
            }
            forkSchedules.put(fork, schedule);
            return this;
        }

        /** Blob parameters of a blob-parameter-only fork. */
        public Builder bpoSchedule(int index, BlobSchedule schedule) {
            checkBpo(index);
            bpoSchedules.put(index, schedule);
            return this;
        }

        private static void checkBpo(int index) {
            if (index < 1 || index > MAX_BPO) {
                throw new IllegalArgumentException("no blob-parameter-only fork " + index);
            }
        }

        /** @throws IllegalArgumentException when a fork begins before one that precedes it */
        public ForkSchedule build() {
            checkOrder(blocks, Long::compare, "block");
            checkOrder(times, Long::compareUnsigned, "time");
            return new ForkSchedule(this);
        }

        private static void checkOrder(EnumMap<Fork, Long> milestones, Comparator<Long> order, String unit) {
            Map.Entry<Fork, Long> last = null;
            for (Map.Entry<Fork, Long> next : milestones.entrySet()) {
                if (last != null && order.compare(last.getValue(), next.getValue()) > 0) {
                    throw new IllegalArgumentException(next.getKey() + " at " + unit + " " + next.getValue()
                            + " would begin before " + last.getKey() + " at " + last.getValue());
                }
                last = next;
            }
        }

        private long[] extraForkIdBlocks() {
            return LongStream.concat(
                            bombDelays.keySet().stream().mapToLong(Long::longValue),
                            LongStream.concat(stream(mergeBlock), stream(daoForkBlock)))
                    .toArray();
        }

        private static LongStream stream(OptionalLong value) {
            return value.isPresent() ? LongStream.of(value.getAsLong()) : LongStream.empty();
        }

        /** In order of rank, so that of several beginning at once the last one counts. */
        private NavigableMap<Long, BlobSchedule> blobScheduleByTime() {
            NavigableMap<Long, BlobSchedule> byTime = new TreeMap<>(Long::compareUnsigned);
            times.forEach((fork, time) ->
                    Optional.ofNullable(forkSchedules.get(fork)).ifPresent(schedule -> byTime.put(time, schedule)));
            bpoTimes.forEach((index, time) ->
                    Optional.ofNullable(bpoSchedules.get(index)).ifPresent(schedule -> byTime.put(time, schedule)));
            return byTime;
        }
    }
}
