package io.engram.client.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodePortsTest {

    @TempDir
    Path folder;

    @Test
    void portsAreThoseOfTheFileOrTheDefaults() throws IOException {
        Path config = Files.writeString(folder.resolve("config.toml"), """
                p2p-enabled = true
                rpc-http-enabled = true
                rpc-http-host = "127.0.0.2"
                rpc-http-port = 7000
                metrics-port = 7001
                """);
        NodePorts ports = NodePorts.read(config);
        assertThat(ports.p2p().orElseThrow().number()).isEqualTo(30_303);
        assertThat(ports.rpc().orElseThrow().url()).isEqualTo("http://127.0.0.2:7000");
        assertThat(ports.metrics()).isEmpty();
        assertThat(ports.all()).hasSize(2);
    }

    @Test
    void aFileThatIsNoTomlIsAnError() throws IOException {
        Path config = Files.writeString(folder.resolve("config.toml"), "p2p-enabled = = true");
        assertThatThrownBy(() -> NodePorts.read(config))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("config.toml");
    }

    @Test
    void portsInUseAreNamedAndNothingIsStarted() throws IOException {
        int first = FreePorts.consecutive(4);
        NetworkFiles files =
                NetworkFiles.create(folder.resolve("net"), new NetworkPlan(2, 0, 1, 1, first, first + 2, List.of()));
        try (ServerSocket _ = new ServerSocket(first + 3, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> RunningNetwork.start(files.nodes(), RunOptions.DEFAULT))
                    .isInstanceOf(IOException.class)
                    .hasMessage("ports in use: " + (first + 3) + " (JSON-RPC of node-2)");
        }
        for (NodeFiles node : files.nodes()) {
            assertThat(node.log()).doesNotExist();
        }
    }

    @Test
    void childrenHaveTheirOwnHeap() {
        List<String> command = ChildJvm.command(RunOptions.ofHeap(77), List.of("--version"));
        assertThat(command.stream().filter(part -> part.startsWith("-Xmx"))).containsExactly("-Xmx77m");
        assertThat(command).endsWith("io.engram.client.cli.Main", "--version");
        assertThat(Path.of(command.getFirst())).isExecutable();
    }
}
