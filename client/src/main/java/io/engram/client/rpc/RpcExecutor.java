package io.engram.client.rpc;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Virtual threads for requests that run EVM code, with a bound on how many run and how many wait. */
public final class RpcExecutor implements AutoCloseable {

    private final Semaphore running;
    private final AtomicInteger submitted = new AtomicInteger();
    private final int limit;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("rpc-", 0).factory());

    /**
     * @param concurrent tasks that run at once
     * @param waiting tasks that may wait beside them
     */
    public RpcExecutor(int concurrent, int waiting) {
        this.running = new Semaphore(concurrent, true);
        this.limit = concurrent + waiting;
    }

    /** @return false, and the task does not run, when too many are waiting */
    public boolean submit(Runnable task) {
        if (submitted.incrementAndGet() > limit) {
            submitted.decrementAndGet();
            return false;
        }
        threads.execute(() -> {
            running.acquireUninterruptibly();
            try {
                task.run();
            } finally {
                running.release();
                submitted.decrementAndGet();
            }
        });
        return true;
    }

    /** Waits for running tasks. */
    @Override
    public void close() {
        threads.close();
    }
}
