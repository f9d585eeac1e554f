package io.engram.inference.quantize;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A run of sample numbers, {@code from} inclusive to {@code to} exclusive, that one thread works on. */
record SampleRange(int from, int to) {

    /** Work on one range. */
    interface Task<T> {
        T run(SampleRange range);
    }

    /** Splits {@code count} samples over threads; results in the order of the ranges. */
    static <T> List<T> split(int count, int threads, Task<T> task) {
        int parts = Math.clamp(count, 1, threads);
        List<Future<T>> futures = new ArrayList<>();
        List<T> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(parts)) {
            for (int i = 0; i < parts; i++) {
                SampleRange range =
                        new SampleRange((int) ((long) count * i / parts), (int) ((long) count * (i + 1) / parts));
                futures.add(executor.submit(() -> task.run(range)));
            }
            for (Future<T> future : futures) {
                results.add(future.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("calibration failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("calibration was interrupted", e);
        }
        return results;
    }
}
