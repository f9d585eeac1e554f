package io.engram.inference.engine.natives;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Threads that help the one that runs a graph. All that a run wants start at once, or none. Thread-safe. */
final class Team {

    private final int helpers;
    private final Semaphore free;
    private final ExecutorService executor;

    Team(int helpers) {
        this.helpers = helpers;
        this.free = new Semaphore(helpers);
        this.executor = Executors.newFixedThreadPool(
                Math.max(1, helpers),
                Thread.ofPlatform().daemon().name("inference-native-", 0).factory());
    }

    /** Whether as many helpers are free; they are the caller's until {@link #release}. */
    boolean reserve() {
        return helpers > 0 && free.tryAcquire(helpers);
    }

    /** Starts one reserved helper for each task. */
    List<Future<?>> start(List<Runnable> tasks) {
        List<Future<?>> running = new ArrayList<>();
        for (Runnable task : tasks) {
            running.add(executor.submit(task));
        }
        return running;
    }

    void release() {
        free.release(helpers);
    }

    /** Waits for all; what one of them threw is thrown here. */
    static void join(List<Future<?>> running) {
        boolean interrupted = false;
        for (Future<?> helper : running) {
            while (!helper.isDone()) {
                try {
                    helper.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (ExecutionException _) {
                    break; // thrown below
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        for (Future<?> helper : running) {
            if (helper.state() == Future.State.FAILED) {
                throw new IllegalStateException("a helper of a native run failed", helper.exceptionNow());
            }
        }
    }
}
