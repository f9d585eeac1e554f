package io.engram.client.network;

import java.io.IOException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Finds ports that nobody uses. Somebody may take them before they are used here. */
public final class FreePorts {

    /** Below those that systems give to outgoing connections. */
    private static final int FIRST = 12_000;

    private static final int END = 32_000;
    private static final int ATTEMPTS = 200;

    private FreePorts() {}

    /**
     * The first of {@code count} free ports in a row.
     *
     * @throws IOException when none are found
     */
    public static int consecutive(int count) throws IOException {
        RandomGenerator random = RandomGenerator.getDefault();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int first = random.nextInt(FIRST, END - count);
            if (IntStream.range(first, first + count)
                    .allMatch(port -> new NodePorts.Port("any", "0.0.0.0", port).isFree())) {
                return first;
            }
        }
        throw new IOException("no " + count + " free ports in a row from " + FIRST + " to " + END);
    }
}
