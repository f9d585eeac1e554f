package io.engram.inference.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;

/**
 * Computes the samples of a call on the caller's thread and some others, which end when they are not needed for long.
 * Results keep the order of the samples. Thread-safe.
 */
final class Samples {

    /** Enough for the lanes of a few GPUs. */
    private static final int LEAST_POOL = 16;

    private static final int IDLE_SECONDS = 10;

    /** Helpers that wait for a thread; a call does without those that find no room, as it does all work that is left. */
    private static final int MAX_WAITING = 1024;

    private final int threads;
    private final IntSupplier runsAtOnce;
    private final int poolSize;
    private final ThreadPoolExecutor others;

    /**
     * @param threads that samples are split over
     * @param runsAtOnce how many samples what computes them takes at the same time, if more
     */
    Samples(int threads, IntSupplier runsAtOnce) {
        this.threads = threads;
        this.runsAtOnce = runsAtOnce;
        this.poolSize = Math.max(threads, LEAST_POOL) - 1;
        this.others = new ThreadPoolExecutor(
                poolSize,
                poolSize,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().daemon().name("inference-sample-", 0).factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        others.allowCoreThreadTimeOut(true);
    }

    /**
     * @param one computes the sample of a number; safe for use by several threads
     * @return when nothing runs any more; what the failed sample with the lowest number threw is thrown
     */
    List<Inference> compute(int count, IntFunction<Inference> one) {
        int width = Math.min(count, Math.min(Math.max(threads, runsAtOnce.getAsInt()), poolSize + 1));
        if (width == 1) {
            List<Inference> results = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                results.add(one.apply(i));
            }
            return results;
        }
        return split(count, width, one);
    }

    private List<Inference> split(int count, int width, IntFunction<Inference> one) {
        Outcome[] outcomes = new Outcome[count];
        AtomicInteger next = new AtomicInteger();
        Phaser atWork = new Phaser(1);
        for (int i = 1; i < width; i++) {
            others.execute(() -> {
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
