package io.engram.p2p.peer;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A rate: so many a second for long, so many at once. Not thread-safe. */
public final class TokenBucket {

    private static final long NANOS = 1_000_000_000L;

    private final long perSecond;
    private final long burst;
    private final LongSupplier nanoTime;

    /** Tokens in units of 1 / NANOS, so that no fraction is lost. */
    private long billionths;

    private long last;

    public TokenBucket(int perSecond, int burst, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.burst = burst * NANOS;
        this.nanoTime = nanoTime;
        this.billionths = this.burst;
        this.last = nanoTime.getAsLong();
    }

    /** Takes one if there is one. */
    public boolean tryTake() {
        refill();
        if (billionths < NANOS) {
            return false;
        }
        billionths -= NANOS;
        return true;
    }

    /** Takes one, on credit if need be, and says how long to wait for it. */
    public Duration take() {
        return take(1);
    }

    /** Takes several, on credit if need be, and says how long to wait for them. */
    public Duration take(int tokens) {
        refill();
        billionths -= tokens * NANOS;
        return billionths >= 0 ? Duration.ZERO : Duration.ofNanos(-billionths / perSecond);
    }

    private void refill() {
        long now = nanoTime.getAsLong();
        long elapsed = Math.min(now - last, burst / perSecond + NANOS);
        last = now;
        billionths = Math.min(burst, billionths + elapsed * perSecond);
    }
}
