package io.engram.inference.engine;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One inference that is being computed by one thread and may be waited for by others. Thread-safe. */
final class Flight {

    /** How long a waiting thread sleeps between two looks at its cancellation. */
    private static final long POLL_MILLIS = 5;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean urgent;
    private volatile Optional<Inference> result = Optional.empty();

    /** @param demand of the thread that computes */
    Flight(Demand demand) {
        this.urgent = demand.priority() == Demand.Priority.CONSENSUS;
    }

    /** Whether a block waits for it. */
    boolean isUrgent() {
        return urgent;
    }

    /** That of the computing thread, as long as nobody else waits. */
    Cancellation whileUnshared(Cancellation own) {
        return () -> {
            if (waiting.get() == 0) {
                own.check();
            }
        };
    }

    /** To be called once, whatever happened. */
    void end(Optional<Inference> outcome) {
        result = outcome;
        ended.countDown();
    }

    /**
     * Waits for the end.
     *
     * @return empty when the computing thread gave up or failed
     * @throws CancelledException when the demand is cancelled meanwhile
     */
    Optional<Inference> await(Demand demand) {
        waiting.incrementAndGet();
        boolean interrupted = false;
        try {
            if (demand.priority() == Demand.Priority.CONSENSUS) {
                urgent = true;
            }
            while (ended.getCount() > 0) {
                demand.cancellation().check();
                try {
                    if (ended.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                        break;
                    }
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
            return result;
        } finally {
            waiting.decrementAndGet();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
