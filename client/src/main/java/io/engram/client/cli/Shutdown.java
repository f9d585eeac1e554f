package io.engram.client.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/** Closes what runs when the process is told to end, and lets the main thread wait for that. */
final class Shutdown {

    private final CountDownLatch ended = new CountDownLatch(1);

    private Shutdown() {}

    static Shutdown of(AutoCloseable running) {
        Shutdown shutdown = new Shutdown();
        AtomicBoolean once = new AtomicBoolean();
        Thread hook = new Thread(
                () -> {
                    if (once.compareAndSet(false, true)) {
                        shutdown.close(running);
                    }
                },
                "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        return shutdown;
    }

    private void close(AutoCloseable running) {
        try {
            running.close();
        } catch (Exception e) {
            // The last chance to say so: the process ends either way.
            LoggerFactory.getLogger(Shutdown.class).error("The node did not stop cleanly", e);
        } finally {
            ended.countDown();
        }
    }

    /** Returns when the process is ending. */
    void await() throws InterruptedException {
        ended.await();
    }
}
