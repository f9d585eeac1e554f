package io.engram.client.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a network did under a load.
 *
 * @param load what was sent
 * @param seconds from the first block that counts to the last
 * @param done transfers or inferences in the blocks after the first
 * @param blocks after the first
 * @param gas that those blocks used
 * @param laterRounds blocks that took more than one round
 * @param blockMillis times from block to block, ascending
 */
public record NetworkFigures(
        String load, double seconds, long done, int blocks, long gas, int laterRounds, List<Long> blockMillis) {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final double GAS_PER_MGAS = 1e6;

    public NetworkFigures {
        blockMillis = List.copyOf(blockMillis);
    }

    /** @param arrivals at least two, in order */
    static NetworkFigures of(String load, List<BlockWatch.Arrival> arrivals, long done) {
        if (arrivals.size() < 2) {
            throw new IllegalArgumentException("the network made no blocks under the load: " + load);
        }
        List<Long> millis = new ArrayList<>();
        long gas = 0;
        int laterRounds = 0;
        for (int i = 1; i < arrivals.size(); i++) {
            millis.add((arrivals.get(i).nanos() - arrivals.get(i - 1).nanos()) / NANOS_PER_MILLI);
            gas += arrivals.get(i).gasUsed();
            laterRounds += arrivals.get(i).round() > 0 ? 1 : 0;
        }
        long nanos = arrivals.getLast().nanos() - arrivals.getFirst().nanos();
        return new NetworkFigures(
                load,
                nanos / NANOS_PER_SECOND,
                done,
                arrivals.size() - 1,
                gas,
                laterRounds,
                millis.stream().sorted().toList());
    }

    public double perSecond() {
        return done / seconds;
    }

    public double megagasPerSecond() {
        return gas / GAS_PER_MGAS / seconds;
    }

    /** The block time that {@code percent} of the blocks do not exceed, in milliseconds. */
    public long percentile(int percent) {
        int index = Math.ceilDiv(blockMillis.size() * percent, 100) - 1;
        return blockMillis.get(Math.max(0, index));
    }

    /** For JSON. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("load", load);
        map.put("perSecond", perSecond());
        map.put("done", done);
        map.put("seconds", seconds);
        map.put("blocks", blocks);
        map.put("megagasPerSecond", megagasPerSecond());
        map.put("blocksInLaterRounds", laterRounds);
        Map<String, Object> times = new LinkedHashMap<>();
        times.put("p50", percentile(50));
        times.put("p95", percentile(95));
        times.put("p99", percentile(99));
        times.put("max", percentile(100));
        map.put("blockMillis", times);
        return map;
    }
}
