package io.engram.client.consensus.qbft.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time and what is to happen in it, in an order that depends on nothing else. */
final class Clock {

    private record Task(long at, long order, Runnable work) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
    private long now = 1_000_000;
    private long scheduled;

    long now() {
        return now;
    }

    void at(long millis, Runnable work) {
        tasks.add(new Task(Math.max(millis, now), scheduled++, work));
    }

    void in(long millis, Runnable work) {
        at(now + millis, work);
    }

    /** Whether there was something to do until then. */
    boolean step(long until) {
        if (tasks.isEmpty() || tasks.peek().at() > until) {
            now = until;
            return false;
        }
        Task next = tasks.remove();
        now = next.at();
        next.work().run();
        return true;
    }
}
