package io.engram.inference.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Computes the samples of a call on the caller's thread and a fixed number of others. Results keep the order of the
 * samples. Thread-safe.
 */
final class Samples {

    private final int threads;
    private final Optional<ExecutorService> others;

    Samples(int threads) {
        this.threads = threads;
        this.others = threads == 1
                ? Optional.empty()
                : Optional.of(Executors.newFixedThreadPool(
                        threads - 1,
                        Thread.ofPlatform()
                                .daemon()
                                .name("inference-sample-", 0)
                                .factory()));
    }

    /**
     * @param one computes the sample of a number; safe for use by several threads
     * @return when nothing runs any more; what the failed sample with the lowest number threw is thrown
     */
    List<Inference> compute(int count, IntFunction<Inference> one) {
        if (count == 1 || others.isEmpty()) {
            List<Inference> results = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                results.add(one.apply(i));
            }
            return results;
        }
        return split(count, one, others.get());
    }

    private List<Inference> split(int count, IntFunction<Inference> one, ExecutorService executor) {
        Outcome[] outcomes = new Outcome[count];
        AtomicInteger next = new AtomicInteger();
        Phaser atWork = new Phaser(1);
        for (int i = 1; i < Math.min(threads, count); i++) {
            executor.execute(() -> {
                // Negative when all is done before this helper's turn came.
                if (atWork.register() >= 0) {
                    work(outcomes, next, one);
                    int _ = atWork.arriveAndDeregister();
                }
            });
        }
        work(outcomes, next, one);
        int _ = atWork.awaitAdvance(atWork.arriveAndDeregister());
        List<Inference> results = new ArrayList<>(count);
        for (Outcome outcome : outcomes) {
            results.add(outcome.get());
        }
        return results;
    }

    /** Never throws. After a failure no further sample is begun; all before it have been. */
    private static void work(Outcome[] outcomes, AtomicInteger next, IntFunction<Inference> one) {
        for (int i = next.getAndIncrement(); i < outcomes.length; i = next.getAndIncrement()) {
            outcomes[i] = Outcome.of(one, i);
            if (outcomes[i] instanceof Outcome.Failed) {
                next.set(outcomes.length);
            }
        }
    }

    /** What one sample gave. */
    private sealed interface Outcome {

        Inference get();

        record Done(Inference inference) implements Outcome {
            @Override
            public Inference get() {
                return inference;
            }
        }

        record Failed(Throwable cause) implements Outcome {
            @Override
            public Inference get() {
                switch (cause) {
                    case RuntimeException e -> throw e;
                    case Error e -> throw e;
                    default -> throw new IllegalStateException(cause);
                }
            }
        }

        static Outcome of(IntFunction<Inference> one, int index) {
            try {
                return new Done(one.apply(index));
            } catch (RuntimeException | Error e) {
                return new Failed(e);
            }
        }
    }
}
