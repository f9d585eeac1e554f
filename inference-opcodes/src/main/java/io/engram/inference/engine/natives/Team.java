package io.engram.inference.engine.natives;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Threads that help the one that runs a graph. All that a run wants start at once, or none. Thread-safe. */
final class Team {

    /** Looks at a helper that is about to end before the system is asked to wait for it: some 20 microseconds. */
    private static final int SPINS = 500;

    private final int helpers;
    private final Semaphore free;
    private final ExecutorService executor;

    /** A task given to a helper. Who claims it first, the helper or the one that no longer needs it, has it. */
    static final class Task {
        private final AtomicBoolean claimed = new AtomicBoolean();
        private final Future<?> future;

        private Task(ExecutorService executor, Runnable work) {
            future = executor.submit(() -> {
                if (claim()) {
                    work.run();
                }
            });
        }

        private boolean claim() {
            return claimed.compareAndSet(false, true);
        }

        private boolean failed() {
            return future.state() == Future.State.FAILED;
        }
    }

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

    /** Gives each piece of work to a reserved helper. */
    List<Task> start(List<Runnable> work) {
        List<Task> tasks = new ArrayList<>();
        for (Runnable each : work) {
            tasks.add(new Task(executor, each));
        }
        return tasks;
    }

    void release() {
        free.release(helpers);
    }

    /** Waits for all that have begun, and takes back what has not; what one of them threw is thrown here. */
    static void join(List<Task> tasks) {
        List<Task> begun = tasks.stream().filter(task -> !task.claim()).toList();
        boolean interrupted = false;
        for (Task task : begun) {
            for (int i = 0; i < SPINS && !task.future.isDone(); i++) {
                Thread.onSpinWait();
            }
            while (!task.future.isDone()) {
                try {
                    task.future.get();
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
        for (Task task : begun) {
            if (task.failed()) {
                throw new IllegalStateException("a helper of a native run failed", task.future.exceptionNow());
            }
        }
    }
}
