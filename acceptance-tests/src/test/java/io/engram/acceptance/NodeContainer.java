package io.engram.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Capability;
import io.engram.genesis.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * One node of a network, in a container with an address of its own. The container comes and goes; address, keys and database
 * stay.
 */
final class NodeContainer implements AutoCloseable {

    static final String IMAGE = "localhost/engram-acceptance";

    private static final int RPC_PORT = 8545;
    private static final int STOP_SECONDS = 15;
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final String JVM = "-Xms64m -XX:+UseSerialGC -Xmx";

    private final Path folder;
    private final String ip;
    private final Address key;
    private final Network network;
    private final int heapMegabytes;
    private Optional<GenericContainer<?>> container = Optional.empty();

    /**
     * @param folder with {@code config.toml} and {@code data}, beside {@code genesis.json}
     * @param key what the node signs with
     */
    NodeContainer(Path folder, String ip, Address key, Network network, int heapMegabytes) {
        this.folder = folder;
        this.ip = ip;
        this.key = key;
        this.network = network;
        this.heapMegabytes = heapMegabytes;
    }

    String name() {
        return Objects.requireNonNull(folder.getFileName()).toString();
    }

    String ip() {
        return ip;
    }

    Address key() {
        return key;
    }

    /** Where it keeps its models, as this machine sees it. */
    Path models() {
        return folder.resolve("data").resolve("models");
    }

    /** Makes a container anew and waits for its first answer. */
    void start(Map<String, String> environment, List<String> options) throws IOException, InterruptedException {
        close();
        List<String> command =
                new ArrayList<>(List.of("--config-file=config.toml", "--rpc-http-host=0.0.0.0", "--host-allowlist=*"));
        command.addAll(options);
        String home = "/net/" + name();
        String user = Files.getAttribute(folder, "unix:uid") + ":" + Files.getAttribute(folder, "unix:gid");
        String mac = "02:77:00:00:00:%02x".formatted(Integer.parseInt(ip.substring(ip.lastIndexOf('.') + 1)));
        GenericContainer<?> made = new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withNetwork(network)
                .withExposedPorts(RPC_PORT)
                .withFileSystemBind(folder.toString(), home, BindMode.READ_WRITE)
                .withFileSystemBind(
                        folder.resolveSibling("genesis.json").toString(), "/net/genesis.json", BindMode.READ_ONLY)
                .withWorkingDirectory(home)
                .withEnv(environment)
                .withEnv("JDK_JAVA_OPTIONS", JVM + heapMegabytes + "m")
                .withCommand(command.toArray(String[]::new))
                .withCreateContainerCmdModifier(create -> {
                    create.withUser(user).withIpv4Address(ip).withMacAddress(mac);
                    Objects.requireNonNull(create.getHostConfig()).withCapAdd(Capability.NET_ADMIN);
                })
                .waitingFor(Wait.forLogMessage(".*JSON-RPC .*", 1).withStartupTimeout(START_LIMIT));
        container = Optional.of(made);
        made.start();
        awaitAnswer();
    }

    private void awaitAnswer() throws InterruptedException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (head().isEmpty()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(name() + " does not answer; its log:\n" + log());
            }
            Thread.sleep(100);
        }
    }

    private GenericContainer<?> container() {
        return container.orElseThrow(() -> new IllegalStateException(name() + " was not started"));
    }

    private DockerClient engine() {
        return container().getDockerClient();
    }

    private String id() {
        return container().getContainerId();
    }

    JsonRpc rpc() {
        return new JsonRpc("http://" + container().getHost() + ":" + container().getMappedPort(RPC_PORT));
    }

    /** The number of the latest block; empty when the node does not answer. */
    Optional<Long> head() throws InterruptedException {
        try {
            return Optional.of(Long.decode(rpc().call("eth_blockNumber").asText()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    long height() throws InterruptedException {
        return head().orElseThrow(() -> new IllegalStateException(name() + " does not answer"));
    }

    JsonNode block(long number) throws IOException, InterruptedException {
        return rpc().call("eth_getBlockByNumber", "0x" + Long.toHexString(number), false);
    }

    JsonNode status() throws IOException, InterruptedException {
        return rpc().call("qbft_getStatus");
    }

    String log() {
        return container().getLogs();
    }

    /** SIGKILL: nothing is written any more. */
    void kill() {
        engine().killContainerCmd(id()).exec();
    }

    /** As an operator stops a node. */
    void stop() {
        engine().stopContainerCmd(id()).withTimeout(STOP_SECONDS).exec();
    }

    /** After {@link #kill} or {@link #stop}; waits for the first answer. */
    void startAgain() throws InterruptedException {
        engine().startContainerCmd(id()).exec();
        awaitAnswer();
    }

    /** Freezes the process where it stands; its connections stay. */
    void pause() {
        engine().pauseContainerCmd(id()).exec();
    }

    void resume() {
        engine().unpauseContainerCmd(id()).exec();
    }

    /** Adds a rule on what this node receives from others: {@code iptables -A INPUT …}. */
    void filter(String... rule) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("iptables", "-A", "INPUT"));
        command.addAll(List.of(rule));
        String _ = execute(command);
    }

    /** Packets that the rules have dropped so far. */
    long dropped() throws IOException, InterruptedException {
        long packets = 0;
        for (String line :
                execute(List.of("iptables", "-nvxL", "INPUT")).lines().toList()) {
            String[] columns = line.strip().split("\\s+");
            packets += columns.length > 2 && columns[2].equals("DROP") ? Long.parseLong(columns[0]) : 0;
        }
        return packets;
    }

    /** Ends what {@link #filter} began. */
    void unfilter() throws IOException, InterruptedException {
        String _ = execute(List.of("iptables", "-F", "INPUT"));
    }

    private String execute(List<String> command) throws IOException, InterruptedException {
        ExecResult result = container()
                .execInContainer(ExecConfig.builder()
                        .user("0:0")
                        .command(command.toArray(String[]::new))
                        .build());
        if (result.getExitCode() != 0) {
            throw new IllegalStateException(command + " in " + name() + ": " + result.getStdout() + result.getStderr());
        }
        return result.getStdout();
    }

    /** Removes the container. */
    @Override
    public void close() {
        container.ifPresent(GenericContainer::stop);
        container = Optional.empty();
    }
}
