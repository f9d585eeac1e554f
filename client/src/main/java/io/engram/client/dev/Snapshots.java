package io.engram.client.dev;

import io.engram.client.chain.BlockOverrides;
import java.util.Optional;
import java.util.TreeMap;

/** The points that evm_revert can go back to. Going back uses up the point and all later ones. Thread-safe. */
final class Snapshots {

    static final int MAX = 10_000;

    /**
     * @param timeOffset seconds, as in {@link DevTime#offset}
     * @param overrides set for blocks to come
     */
    record Point(long blockNumber, long timeOffset, BlockOverrides overrides) {}

    private final TreeMap<Long, Point> points = new TreeMap<>();
    private long nextId;

    /** @return the point's id; the oldest point is forgotten when there are too many */
    synchronized long take(Point point) {
        nextId++;
        points.put(nextId, point);
        if (points.size() > MAX) {
            points.pollFirstEntry();
        }
        return nextId;
    }

    synchronized Optional<Point> use(long id) {
        Optional<Point> point = Optional.ofNullable(points.get(id));
        if (point.isPresent()) {
            points.tailMap(id, true).clear();
        }
        return point;
    }

    synchronized void clear() {
        points.clear();
    }
}
