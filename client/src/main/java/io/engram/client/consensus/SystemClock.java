package io.engram.client.consensus;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wall-clock time; tasks run one after another on one daemon thread. */
public final class SystemClock implements ConsensusClock, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SystemClock.class);

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("consensus-clock").factory());

    @Override
    public long nowMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public Timer schedule(long atMillis, Runnable task) {
        long delay = Math.max(0, atMillis - nowMillis());
        Future<?> future = executor.schedule(() -> run(task), delay, TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }

    /** A failing task must not take the clock's thread with it, nor vanish in a future that nobody reads. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("A consensus task failed", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
