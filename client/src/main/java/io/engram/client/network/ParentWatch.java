package io.engram.client.network;

import java.util.Optional;

/** Ends a node that was started with its network when the process that runs the network is gone, however it ended. */
public final class ParentWatch {

    /** Names the process to live as long as. */
    static final String PROPERTY = "engram.parent";

    private ParentWatch() {}

    /** Does nothing in a process that nobody started as part of a network. */
    public static void begin() {
        Optional.ofNullable(Long.getLong(PROPERTY)).ifPresent(ParentWatch::watch);
    }

    private static void watch(long pid) {
        Optional<ProcessHandle> parent = ProcessHandle.of(pid);
        if (parent.isEmpty()) {
            exit();
            return;
        }
        var _ = parent.get().onExit().thenRun(ParentWatch::exit);
    }

    private static void exit() {
        System.exit(1);
    }
}
