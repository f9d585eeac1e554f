package io.engram.client.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.client.node.NodeKey;
import io.engram.genesis.Address;
import io.engram.genesis.config.GenesisFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkFilesTest {

    private static final NetworkPlan PLAN = new NetworkPlan(4, 1, 4242, 2, 30303, 8545, List.of());

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void genesis_names_the_validators_and_funds_the_treasury() throws Exception {
        NetworkFiles files = NetworkFiles.create(folder.resolve("net"), PLAN);
        GenesisFile genesis = GenesisFile.read(files.genesis());
        List<Address> validators = new ArrayList<>();
        for (NodeFiles node : files.nodes().subList(0, 4)) {
            validators.add(NodeKey.load(node.key()).address());
        }
        assertThat(genesis.validators()).containsExactlyInAnyOrderElementsOf(validators);
        assertThat(genesis.config().chainId().toLong()).isEqualTo(4242);
        assertThat(genesis.config().qbft().orElseThrow().blockPeriodSeconds()).isEqualTo(2);
        assertThat(genesis.config().inference().orElseThrow().activationDelay()).isEqualTo(300);
        List<Address> funded = genesis.alloc().entrySet().stream()
                .filter(account -> account.getValue().code().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        assertThat(funded).containsExactly(NodeKey.load(files.treasuryKey()).address());
        assertThat(genesis.alloc())
                .containsKeys(Address.fromHex("0x00000961Ef480Eb55e80D19ad83579A64c007002"))
                .containsKeys(Address.fromHex("0x0000F90827F1C53a10cb7A02335B175320002935"));
        assertThat(genesis.accounts()).hasSizeGreaterThan(1);
    }

    @Test
    void every_node_knows_all_others() throws IOException {
        NetworkFiles files = NetworkFiles.create(folder.resolve("net"), PLAN);
        List<NodeFiles> nodes = NetworkFiles.open(folder.resolve("net")).nodes();
        assertThat(nodes).hasSize(5).isEqualTo(files.nodes());
        for (NodeFiles node : nodes) {
            String config = Files.readString(node.config());
            for (NodeFiles other : nodes) {
                String id = Bytes.wrap(NodeKey.load(other.key()).publicKey()).toUnprefixedHexString();
                assertThat(config.contains(id)).isEqualTo(!other.equals(node));
            }
        }
    }

    @Test
    void nodes_on_hosts_of_their_own_use_the_same_ports() throws IOException {
        List<String> hosts = List.of("a", "b.example", "10.0.0.3");
        NetworkFiles files = NetworkFiles.create(
                folder.resolve("net"),
                new NetworkPlan(
                        2,
                        1,
                        4242,
                        1,
                        30303,
                        8545,
                        List.of(),
                        hosts,
                        OptionalLong.empty(),
                        false,
                        OptionalLong.empty()));
        for (int i = 0; i < 3; i++) {
            String config = Files.readString(files.nodes().get(i).config());
            assertThat(config)
                    .contains("p2p-host = \"" + hosts.get(i) + "\"")
                    .contains("p2p-port = 30303")
                    .contains("rpc-http-port = 8545")
                    .contains("@" + hosts.get((i + 1) % 3) + ":30303\"")
                    .doesNotContain("@" + hosts.get(i) + ":");
        }
    }

    @Test
    void aLargerModelStillFitsATransaction() throws Exception {
        for (long bytes : new long[] {1 << 20, 100_000_000, 1 << 30}) {
            NetworkFiles files = NetworkFiles.create(
                    folder.resolve("net" + bytes),
                    new NetworkPlan(
                            1,
                            0,
                            4242,
                            1,
                            30303,
                            8545,
                            List.of(),
                            List.of(),
                            OptionalLong.empty(),
                            false,
                            OptionalLong.of(bytes)));
            // Reading it refuses what does not fit.
            assertThat(GenesisFile.read(files.genesis())
                            .config()
                            .inference()
                            .orElseThrow()
                            .limits()
                            .maxModelBytes())
                    .isEqualTo(bytes);
        }
    }

    @Test
    void nothing_is_written_over() throws IOException {
        Files.writeString(folder.resolve("precious"), "x");
        assertThatThrownBy(() -> NetworkFiles.create(folder, PLAN)).hasMessageContaining("is not empty");
        assertThatThrownBy(() -> NetworkFiles.open(folder)).hasMessageContaining("holds no network");
    }

    @Test
    void plans_that_cannot_be_are_refused() {
        assertThatThrownBy(() -> new NetworkPlan(0, 0, 1, 1, 30303, 8545, List.of()))
                .hasMessageContaining("nodes");
        assertThatThrownBy(() -> new NetworkPlan(4, 0, 1, 1, 30303, 30305, List.of()))
                .hasMessageContaining("overlap");
        assertThatThrownBy(() -> new NetworkPlan(4, 0, 1, 0, 30303, 8545, List.of()))
                .hasMessageContaining("period");
        assertThatThrownBy(() -> new NetworkPlan(4, 0, 1, 1, 65_533, 8545, List.of()))
                .hasMessageContaining("p2p");
        assertThatThrownBy(() -> new NetworkPlan(
                        2,
                        0,
                        1,
                        1,
                        30303,
                        8545,
                        List.of(),
                        List.of("a"),
                        OptionalLong.empty(),
                        false,
                        OptionalLong.empty()))
                .hasMessageContaining("a host for each");
        assertThatThrownBy(() -> new NetworkPlan(
                        2,
                        0,
                        1,
                        1,
                        30303,
                        8545,
                        List.of(),
                        List.of("a", "a"),
                        OptionalLong.empty(),
                        false,
                        OptionalLong.empty()))
                .hasMessageContaining("of its own");
        assertThatThrownBy(() -> new NetworkPlan(
                        1,
                        0,
                        1,
                        1,
                        30303,
                        8545,
                        List.of(),
                        List.of("a\""),
                        OptionalLong.empty(),
                        false,
                        OptionalLong.empty()))
                .hasMessageContaining("names");
    }
}
