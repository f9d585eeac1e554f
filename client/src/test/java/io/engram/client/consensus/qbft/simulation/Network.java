package io.engram.client.consensus.qbft.simulation;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Loses, delays, duplicates and reorders what is sent, and cuts the nodes into groups; {@link #heal} ends all that. */
final class Network {

    private static final int HEALTHY_DELAY = 40;

    private final RandomGenerator random;
    private final Clock clock;
    private final int[] group;
    private double loss;
    private double duplication;
    private int maxDelay;

    Network(RandomGenerator random, Clock clock, int nodes) {
        this.random = random;
        this.clock = clock;
        this.group = new int[nodes];
        this.loss = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.3;
        this.duplication = random.nextDouble() * 0.1;
        this.maxDelay = random.nextInt(4) == 0 ? 2_000 : 20 + random.nextInt(300);
    }

    void partition() {
        for (int i = 0; i < group.length; i++) {
            group[i] = random.nextInt(2);
        }
    }

    void join() {
        Arrays.fill(group, 0);
    }

    void heal() {
        join();
        loss = 0;
        duplication = 0;
        maxDelay = HEALTHY_DELAY;
    }

    boolean connects(int one, int other) {
        return group[one] == group[other];
    }

    /** Lets {@code arrival} happen later, twice, or never. */
    void send(int from, int to, Runnable arrival) {
        if (!connects(from, to) || random.nextDouble() < loss) {
            return;
        }
        clock.in(delay(), arrival);
        if (random.nextDouble() < duplication) {
            clock.in(delay(), arrival);
        }
    }

    private int delay() {
        return 1 + random.nextInt(maxDelay);
    }
}
