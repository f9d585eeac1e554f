package io.engram.p2p.peer;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting with a bound for what happens on other threads. */
public final class Eventually {

    private static final long SECONDS = 15;

    private Eventually() {}

    public static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T item = queue.poll(SECONDS, TimeUnit.SECONDS);
        if (item == null) {
            throw new AssertionError("nothing came within " + SECONDS + " s");
        }
        return item;
    }

    public static void holds(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + SECONDS + " s: " + what);
            }
            Thread.sleep(10);
        }
    }
}
