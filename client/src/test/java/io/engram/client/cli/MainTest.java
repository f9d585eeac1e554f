package io.engram.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.dev.DevNetwork;
import io.engram.client.dev.DevNode;
import io.engram.client.dev.DevOptions;
import io.engram.client.dev.SampleModel;
import io.engram.client.rpc.RpcServerOptions;
import io.engram.genesis.Wei;
import io.engram.genesis.config.DevAccounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands by their exit codes and effects. */
class MainTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private DevNode dev(Path dataPath, boolean sample) throws IOException {
        return DevNode.start(new DevOptions(
                Optional.of(dataPath),
                Optional.empty(),
                sample,
                new RpcServerOptions("127.0.0.1", 0, List.of(), List.of("127.0.0.1")),
                50_000_000,
                5_000,
                Wei.of(1)));
    }

    @Test
    void help_and_version_succeed_and_nonsense_is_a_usage_error() {
        assertThat(Main.run()).isZero();
        assertThat(Main.run("--version")).isZero();
        assertThat(Main.run("--help")).isZero();
        assertThat(Main.run("dev", "--help")).isZero();
        assertThat(Main.run("fly")).isEqualTo(2);
        assertThat(Main.run("--no-such-option")).isEqualTo(2);
        assertThat(Main.run("--data-path=x")).isEqualTo(2);
        assertThat(Main.run("dev", "--block-period-seconds=0")).isEqualTo(2);
        assertThat(Main.run("blocks")).isEqualTo(2);
    }

    @Test
    void network_create_writes_a_new_folder_once() {
        Path net = folder.resolve("net");
        assertThat(Main.run("network", "create", "--dir=" + net)).isZero();
        assertThat(net.resolve("node-4/config.toml")).exists();
        assertThat(Main.run("network", "create", "--dir=" + net)).isEqualTo(1);
        assertThat(Main.run("network", "create", "--dir=" + net, "--fund=0x12")).isEqualTo(2);
        assertThat(Main.run("network", "create", "--dir=" + folder.resolve("none"), "--validators=0"))
                .isEqualTo(2);
    }

    @Test
    void bench_evm_writes_its_figures_and_fails_on_a_bad_file() throws IOException {
        // Returns 7 and 21.
        Path vectors = Files.writeString(
                folder.resolve("vectors.tsv"), "small\t3\t21\t0x7\t0x01\t0x6007600052601560205260406000f3\n");
        Path json = folder.resolve("bench.json");
        assertThat(Main.run("bench", "evm", "--vectors=" + vectors, "--runs=2", "--json=" + json))
                .isZero();
        assertThat(json).content().contains("\"interpreter\" : \"fast\"").contains("\"name\" : \"small\"");
        assertThat(Main.run("bench", "evm", "--vectors=" + vectors, "--interpreter=PLAIN", "--runs=1"))
                .isZero();
        assertThat(Main.run("bench", "evm", "--vectors=" + vectors, "--only=other"))
                .isEqualTo(1);
        assertThat(Main.run("bench", "evm", "--vectors=" + json)).isEqualTo(1);
        assertThat(Main.run("bench", "evm", "--vectors=" + folder.resolve("none")))
                .isEqualTo(1);
        assertThat(Main.run("bench", "evm")).isEqualTo(2);
        assertThat(Main.run("bench")).isEqualTo(2);
    }

    @Test
    void a_missing_or_broken_genesis_file_fails_with_code_one() throws IOException {
        Path genesis = Files.writeString(folder.resolve("genesis.json"), "{}");
        String data = "--data-path=" + folder.resolve("data");
        assertThat(Main.run("--genesis-file=" + genesis, data)).isEqualTo(1);
        assertThat(Main.run("--genesis-file=" + folder.resolve("none.json"), data))
                .isEqualTo(1);
        assertThat(Main.run("public-key", "export-address", data)).isEqualTo(1);
    }

    @Test
    void an_exported_chain_is_imported_and_one_flipped_bit_is_refused() throws IOException {
        Path first = folder.resolve("first");
        long head;
        try (DevNode node = dev(first, true)) {
            head = node.node().chain().head().number();
        }
        Path file = folder.resolve("blocks.rlp");
        assertThat(Main.run("blocks", "export", file.toString(), "--data-path=" + first))
                .isZero();
        Path second = folder.resolve("second");
        Path models = Files.createDirectories(second.resolve("models"));
        try (var held = Files.list(first.resolve("models"))) {
            for (Path model : held.toList()) {
                Files.copy(model, models.resolve(model.getFileName()));
            }
        }
        assertThat(Main.run("blocks", "import", file.toString(), "--data-path=" + second))
                .isZero();
        assertThat(head).isPositive();

        byte[] bytes = Files.readAllBytes(file);
        bytes[100] ^= 1;
        Path broken = Files.write(folder.resolve("broken.rlp"), bytes);
        assertThat(Main.run("blocks", "import", broken.toString(), "--data-path=" + folder.resolve("third")))
                .isEqualTo(1);
        assertThat(Main.run("blocks", "export", file.toString(), "--to=999", "--data-path=" + first))
                .isEqualTo(1);
    }

    @Test
    void a_model_is_inspected_published_and_listed() throws IOException {
        Path model = Files.write(folder.resolve("m.egm"), SampleModel.file().orElseThrow());
        assertThat(Main.run("model", "inspect", model.toString())).isZero();
        byte[] broken = Files.readAllBytes(model);
        broken[60] ^= 1;
        assertThat(Main.run(
                        "model",
                        "inspect",
                        Files.write(folder.resolve("b.egm"), broken).toString()))
                .isEqualTo(1);
        Path key = Files.writeString(
                folder.resolve("key"), DevAccounts.all().getFirst().privateKey().toHex());
        try (DevNode node = dev(folder.resolve("dev"), false)) {
            String url = "--rpc-url=http://127.0.0.1:" + node.port();
            Path validator = Files.writeString(
                    folder.resolve("validator"),
                    DevNetwork.validator().privateKey().toHex());
            assertThat(Main.run(
                            "model",
                            "publish",
                            model.toString(),
                            "--private-key-file=" + key,
                            "--validator-key-file=" + validator,
                            "--data-path=" + folder.resolve("dev"),
                            url))
                    .isZero();
            assertThat(Main.run("model", "list", url)).isZero();
            assertThat(Main.run("model", "get", "0x" + "11".repeat(32), url)).isEqualTo(1);
            // Attested already; the node itself leaves a model that is active as it is.
            assertThat(Main.run(
                            "model",
                            "publish",
                            model.toString(),
                            "--private-key-file=" + key,
                            "--validator-key-file=" + validator,
                            url))
                    .isEqualTo(1);
            assertThat(Main.run("model", "publish", model.toString(), url)).isZero();
        }
        assertThat(Main.run("model", "list", "--rpc-url=http://127.0.0.1:1")).isEqualTo(1);
    }

    @Test
    void options_can_come_from_the_environment() {
        assertThat(EnvironmentDefaults.variable("--rpc-http-port")).isEqualTo("ENGRAM_RPC_HTTP_PORT");
    }
}
