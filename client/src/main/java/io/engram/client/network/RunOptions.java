package io.engram.client.network;

import java.util.List;

/**
 * How the nodes of a network run.
 *
 * @param heapMegabytes most that each node's heap takes
 * @param jvmOptions for the JVM of every node
 * @param nodeOptions of the command line, for every node
 */
public record RunOptions(int heapMegabytes, List<String> jvmOptions, List<String> nodeOptions) {

    /** For networks that somebody works with. */
    public static final RunOptions DEFAULT = ofHeap(1_024);

    public RunOptions {
        jvmOptions = List.copyOf(jvmOptions);
        nodeOptions = List.copyOf(nodeOptions);
    }

    /** Nothing but the heap is said. */
    public static RunOptions ofHeap(int megabytes) {
        return new RunOptions(megabytes, List.of(), List.of());
    }
}
