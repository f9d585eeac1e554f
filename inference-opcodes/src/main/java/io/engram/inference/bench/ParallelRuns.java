package io.engram.inference.bench;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the same work on several threads at once. */
final class ParallelRuns implements AutoCloseable {

    private final int count;
    private final ExecutorService threads;

    ParallelRuns(int count) {
        this.count = count;
        this.threads = Executors.newFixedThreadPool(count);
    }

    /** Returns when all have ended. */
    void run(Runnable work) {
        if (count == 1) {
            work.run();
            return;
        }
        List<Callable<Object>> all = Collections.nCopies(count, Executors.callable(work));
        try {
            for (Future<Object> one : threads.invokeAll(all)) {
                Object _ = one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
