package io.engram.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where the threads of other JVMs stand, for the report of a test that waited for them in vain. */
final class Stacks {

    /** Lines of a stack that are shown. */
    private static final int FRAMES = 12;

    private Stacks() {}

    /** The stacks of main threads and of those that wait for a lock; of processes that are alive. */
    static String blocked(List<Long> pids) throws IOException, InterruptedException {
        StringBuilder shown = new StringBuilder();
        for (long pid : pids) {
            if (ProcessHandle.of(pid).map(ProcessHandle::isAlive).equals(Optional.of(true))) {
                shown.append("process ").append(pid).append('\n').append(blocked(pid));
            }
        }
        return shown.toString();
    }

    private static String blocked(long pid) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(jcmd, Long.toString(pid), "Thread.print")
                .redirectErrorStream(true)
                .start();
        String all;
        try (var output = process.getInputStream()) {
            all = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }
        process.waitFor();
        return Arrays.stream(all.split("\n\n"))
                .filter(stack -> stack.startsWith("\"main\"") || stack.contains("BLOCKED"))
                .map(stack -> stack.lines().limit(FRAMES).collect(Collectors.joining("\n", "", "\n")))
                .collect(Collectors.joining());
    }
}
