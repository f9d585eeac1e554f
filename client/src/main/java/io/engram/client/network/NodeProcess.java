package io.engram.client.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** One node of a network in a process of its own, whose output goes to the node's log. Thread-safe. */
public final class NodeProcess {

    /** A log that is longer than this when its node starts is put aside, in the place of the one before. */
    private static final long MAX_LOG_BYTES = 64L << 20;

    /** Of the log's end, as much as holds the lines that are shown. */
    private static final int TAIL_BYTES = 16 << 10;

    private final NodeFiles files;
    private final Process process;

    private NodeProcess(NodeFiles files, Process process) {
        this.files = files;
        this.process = process;
    }

    /**
     * Starts a node; it takes a while until it answers.
     *
     * @param options those of the node go before the ones in its configuration file
     * @throws IOException when there is no room for a process, or the log cannot be written
     */
    static NodeProcess start(NodeFiles files, RunOptions options) throws IOException {
        if (Files.exists(files.log()) && Files.size(files.log()) > MAX_LOG_BYTES) {
            Files.move(files.log(), files.olderLog(), StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> arguments = new ArrayList<>();
        arguments.add("--config-file=" + files.config().getFileName());
        arguments.addAll(options.nodeOptions().apply(files.name()));
        Process process = new ProcessBuilder(ChildJvm.command(options, arguments))
                .directory(files.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()))
                .start();
        process.getOutputStream().close();
        return new NodeProcess(files, process);
    }

    public NodeFiles files() {
        return files;
    }

    public String name() {
        return files.name();
    }

    public long pid() {
        return process.pid();
    }

    /** Processor time that it has taken so far; absent once it has ended. */
    public Optional<Duration> cpuTime() {
        return process.info().totalCpuDuration();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Absent while it runs. */
    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** The last lines of the log, at most {@code lines}. */
    public List<String> logTail(int lines) throws IOException {
        byte[] bytes;
        try (var channel = Files.newByteChannel(files.log())) {
            channel.position(Math.max(0, channel.size() - TAIL_BYTES));
            bytes = java.nio.channels.Channels.newInputStream(channel).readAllBytes();
        }
        List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    /** Asks the node to end, which takes a while. */
    void stop() {
        process.destroy();
    }

    /** Ends the node at once, as a power failure would. */
    public void kill() {
        process.destroyForcibly();
    }

    /** @return whether it has ended */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
