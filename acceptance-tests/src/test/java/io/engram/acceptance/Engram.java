package io.engram.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A node in a process of its own, started through the launcher and driven through its sockets. */
final class Engram implements AutoCloseable {

    static final Path ROOT =
            Path.of(System.getProperty("engram.root", "..")).toAbsolutePath().normalize();

    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final Process process;
    private final Path log;
    private final String url;

    private Engram(Process process, Path log, String url) {
        this.process = process;
        this.log = log;
        this.url = url;
    }

    /** Starts {@code engram dev} and waits for its first answer. */
    static Engram dev(Path log, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("dev"));
        arguments.addAll(List.of(options));
        return start(log, arguments);
    }

    /** Starts a node and waits for its first answer. */
    static Engram node(Path log, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--rpc-http-enabled"));
        arguments.addAll(List.of(options));
        return start(log, arguments);
    }

    private static Engram start(Path log, List<String> arguments) throws IOException, InterruptedException {
        int port = freePort();
        arguments.add("--rpc-http-port=" + port);
        Process process = command(arguments)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Engram node = new Engram(process, log, "http://127.0.0.1:" + port);
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                node.call("eth_chainId");
                return node;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    node.close();
                    throw new IOException("the node did not answer; its log:\n" + node.log(), e);
                }
                Thread.sleep(50);
            }
        }
    }

    /** A finished command: its exit status and everything it printed. */
    record Result(int status, String output) {}

    /** Runs a command of the launcher to its end. */
    static Result run(String... arguments) throws IOException, InterruptedException {
        return finish(command(List.of(arguments)), Duration.ofMinutes(5));
    }

    /** The same with more in the environment. */
    static Result run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = command(List.of(arguments));
        builder.environment().putAll(environment);
        return finish(builder, Duration.ofMinutes(5));
    }

    static Result finish(ProcessBuilder builder, Duration limit) throws IOException, InterruptedException {
        Path output = Files.createTempFile("engram-command", ".log");
        try {
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                return new Result(-1, "no end within " + limit + ":\n" + Files.readString(output));
            }
            return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.deleteIfExists(output);
        }
    }

    static ProcessBuilder command(List<String> arguments) {
        List<String> line = new ArrayList<>(List.of(ROOT.resolve("engram").toString()));
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line);
        // The build that runs this test has made the classes; the launcher must not build inside it.
        builder.environment().put("ENGRAM_NO_BUILD", "1");
        return builder;
    }

    String url() {
        return url;
    }

    String log() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8);
    }

    /** As {@link JsonRpc#call}. */
    JsonNode call(String method, Object... parameters) throws IOException, InterruptedException {
        return new JsonRpc(url).call(method, parameters);
    }

    /** As {@link JsonRpc#request}. */
    JsonNode request(String method, Object... parameters) throws IOException, InterruptedException {
        return new JsonRpc(url).request(method, parameters);
    }

    long blockNumber() throws IOException, InterruptedException {
        return Long.decode(call("eth_blockNumber").asText());
    }

    /** SIGKILL: no shutdown hook runs. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
