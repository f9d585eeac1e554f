package io.engram.inference.model;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Work for whoever comes first: a thread of an executor, or the one that needs the result. Thread-safe. */
final class Errand<T> {

    private final FutureTask<T> task;

    Errand(Executor executor, Supplier<T> work) {
        this.task = new FutureTask<>(work::get);
        executor.execute(task);
    }

    /** The result; what the work throws is thrown here. */
    T result() {
        task.run(); // does nothing when another thread has begun
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
