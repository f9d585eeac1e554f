package io.engram.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConfigFileTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("config.toml"), text);
    }

    @Test
    void the_command_line_names_the_file_before_the_environment_does() {
        Map<String, String> environment = Map.of("ENGRAM_CONFIG_FILE", "b.toml");
        assertThat(ConfigFile.named(new String[] {"--config-file=a.toml"}, environment))
                .isEqualTo(Optional.of(Path.of("a.toml")));
        assertThat(ConfigFile.named(new String[] {"--config-file", "a.toml"}, environment))
                .isEqualTo(Optional.of(Path.of("a.toml")));
        assertThat(ConfigFile.named(new String[] {"--data-path=x"}, environment))
                .isEqualTo(Optional.of(Path.of("b.toml")));
        assertThat(ConfigFile.named(new String[0], Map.of())).isEmpty();
    }

    @Test
    void values_become_those_of_options() throws IOException, CommandFailedException {
        ConfigFile config = ConfigFile.read(file("""
                data-path = "/var/lib/engram"
                rpc-http-enabled = true
                rpc-http-port = 8600
                host-allowlist = ["a.example", "b.example"]
                """));
        CommandLine.Model.CommandSpec node = new CommandLine(new NodeCommand()).getCommandSpec();
        config.requireKnown(node);
        assertThat(config.defaultValue(node.findOption("--data-path"))).isEqualTo("/var/lib/engram");
        assertThat(config.defaultValue(node.findOption("--rpc-http-enabled"))).isEqualTo("true");
        assertThat(config.defaultValue(node.findOption("--rpc-http-port"))).isEqualTo("8600");
        assertThat(config.defaultValue(node.findOption("--host-allowlist"))).isEqualTo("a.example,b.example");
        assertThat(config.defaultValue(node.findOption("--genesis-file"))).isNull();
    }

    @Test
    void what_the_client_does_not_know_is_named() throws IOException {
        CommandLine.Model.CommandSpec node = new CommandLine(new NodeCommand()).getCommandSpec();
        Path unknown = file("colour = \"red\"\n");
        assertThatThrownBy(() -> ConfigFile.read(unknown).requireKnown(node)).hasMessageContaining("colour");
        Path table = file("[data-path]\nx = 1\n");
        assertThatThrownBy(() -> ConfigFile.read(table)).hasMessageContaining("data-path is no text");
        Path broken = file("data-path = \n");
        assertThatThrownBy(() -> ConfigFile.read(broken)).isInstanceOf(CommandFailedException.class);
        assertThat(Main.run("--config-file=" + folder.resolve("missing.toml"))).isEqualTo(1);
        assertThat(Main.run("--config-file=" + broken)).isEqualTo(1);
    }
}
