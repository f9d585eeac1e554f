package io.engram.inference.engine.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the independent tasks of a step on the caller's thread and a fixed number of helpers. Thread-safe. */
final class Workers {

    /** One part of a step; writes no element that another part writes. */
    interface Task {
        void run(int index, Scratch scratch);
    }

    private final int threads;
    private final ExecutorService executor;
    private final ArrayBlockingQueue<Scratch> idle;

    Workers(int threads) {
        this.threads = threads;
        this.executor = Executors.newFixedThreadPool(
                Math.max(1, threads - 1),
                Thread.ofPlatform().daemon().name("inference-", 0).factory());
        this.idle = new ArrayBlockingQueue<>(threads);
    }

    int threads() {
        return threads;
    }

    /**
     * Returns when all tasks are done; what a task throws is thrown here.
     *
     * @param split false keeps all on this thread
     */
    void run(int tasks, boolean split, Task task) {
        int helpers = split ? Math.min(threads, tasks) - 1 : 0;
        if (helpers < 1) {
            work(new AtomicInteger(), tasks, task);
            return;
        }
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>(helpers);
        for (int i = 0; i < helpers; i++) {
            running.add(executor.submit(() -> work(next, tasks, task)));
        }
        try {
            work(next, tasks, task);
        } finally {
            // Nobody may write into the result after this call has ended.
            next.set(tasks);
            running.forEach(Workers::await);
        }
        running.forEach(Workers::rethrow);
    }

    private void work(AtomicInteger next, int tasks, Task task) {
        Scratch known = idle.poll();
        Scratch scratch = known == null ? new Scratch() : known;
        for (int index = next.getAndIncrement(); index >= 0 && index < tasks; index = next.getAndIncrement()) {
            task.run(index, scratch);
        }
        keep(scratch);
    }

    @SuppressWarnings("ReturnValueIgnored") // a full pool drops what it is given
    private void keep(Scratch scratch) {
        idle.offer(scratch);
    }

    private static void await(Future<?> helper) {
        boolean interrupted = false;
        while (!helper.isDone()) {
            try {
                helper.get();
            } catch (InterruptedException _) {
                interrupted = true;
            } catch (ExecutionException _) {
                break; // thrown again by rethrow
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(Future<?> helper) {
        if (helper.state() != Future.State.FAILED) {
            return;
        }
        switch (helper.exceptionNow()) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }
}
