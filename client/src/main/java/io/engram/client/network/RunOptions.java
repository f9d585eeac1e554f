package io.engram.client.network;

import java.util.List;
import java.util.function.Function;

/**
 * How the nodes of a network run.
 *
 * @param heapMegabytes most that each node's heap takes
 * @param jvmOptions for the JVM of every node
 * @param nodeOptions of the command line, for the node of this name
 */
public record RunOptions(int heapMegabytes, List<String> jvmOptions, Function<String, List<String>> nodeOptions) {

    /** For networks that somebody works with. */
    public static final RunOptions DEFAULT = ofHeap(1_024);

    public RunOptions {
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** Nothing but the heap is said. */
    public static RunOptions ofHeap(int megabytes) {
        return new RunOptions(megabytes, List.of(), _ -> List.of());
    }
}
