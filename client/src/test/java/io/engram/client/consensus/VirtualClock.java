package io.engram.client.consensus;

import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that stands still until told to go on, and runs what is due on the telling thread. */
public final class VirtualClock implements ConsensusClock {

    private record Task(long at, long order, Runnable work) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
    private long now;
    private long scheduled;

    public VirtualClock(long startMillis) {
        this.now = startMillis;
    }

    @Override
    public long nowMillis() {
        return now;
    }

    @Override
    public Timer schedule(long atMillis, Runnable task) {
        Task waiting = new Task(Math.max(atMillis, now), scheduled++, task);
        tasks.add(waiting);
        return () -> tasks.remove(waiting);
    }

    /** Runs everything that is due until then. */
    public void advance(long millis) {
        long until = now + millis;
        while (!tasks.isEmpty() && tasks.peek().at() <= until) {
            Task due = tasks.remove();
            now = Math.max(now, due.at());
            due.work().run();
        }
        now = until;
    }
}
