package io.engram.client.dev;

import io.engram.client.chain.ChainEvent;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The development network's time: the clock plus an offset, or a fixed timestamp for the next block after which time
 * goes on from there. Thread-safe.
 */
public final class DevTime {

    /** Offsets beyond a few thousand years serve nobody and overflow arithmetic elsewhere. */
    static final long MAX_TIMESTAMP = 1L << 40;

    private final LongSupplier seconds;
    private long offset;
    private OptionalLong next = OptionalLong.empty();

    /** @param seconds the clock, seconds since 1970 */
    public DevTime(LongSupplier seconds) {
        this.seconds = seconds;
    }

    /** What to add to the clock for the timestamp of the next block. */
    public synchronized long offset() {
        return next.isPresent() ? next.getAsLong() - seconds.getAsLong() : offset;
    }

    /** @return the whole offset afterwards */
    synchronized long increase(long by) {
        offset += by;
        return offset;
    }

    synchronized void setOffset(long value) {
        offset = value;
        next = OptionalLong.empty();
    }

    /** Time goes on from {@code timestamp}, starting now. */
    synchronized void setTime(long timestamp) {
        setOffset(timestamp - seconds.getAsLong());
    }

    /** The next block has exactly this timestamp. */
    synchronized void setNext(long timestamp) {
        next = OptionalLong.of(timestamp);
    }

    /** To be told of every change of the head. */
    public synchronized void onChange(ChainEvent event) {
        if (event instanceof ChainEvent.Appended appended
                && next.isPresent()
                && appended.head().header().timestamp() >= next.getAsLong()) {
            offset = next.getAsLong() - seconds.getAsLong();
            next = OptionalLong.empty();
        }
    }
}
