package io.engram.client.cli;

import io.engram.client.keystore.KeyFile;
import io.engram.genesis.crypto.KeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.tuweni.bytes.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Shows the node's identity. */
@Command(
        name = "public-key",
        description = "Show the node's public key or address.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = VersionProvider.class)
final class PublicKeyCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--data-path",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "The node's data directory (default: ${DEFAULT-VALUE}).",
            defaultValue = "engram-data")
    private Path dataPath = Path.of("engram-data");

    @Option(
            names = "--node-private-key-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "The node's key (default: the file key in the data path).")
    private Optional<Path> keyFile = Optional.empty();

    @Option(
            names = "--password-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "File whose first line is the password of the key, where that is encrypted.")
    private Optional<Path> passwordFile = Optional.empty();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Say export or export-address");
    }

    @Command(name = "export", description = "Print the public key: 64 bytes.")
    int export() throws IOException, CommandFailedException {
        spec.commandLine().getOut().println(Bytes.wrap(keys().publicKey()).toHexString());
        return 0;
    }

    @Command(name = "export-address", description = "Print the address, which is also the validator's.")
    int exportAddress() throws IOException, CommandFailedException {
        spec.commandLine().getOut().println(keys().address().toHex());
        return 0;
    }

    private KeyPair keys() throws IOException, CommandFailedException {
        Path file = keyFile.orElse(dataPath.resolve("key"));
        if (!Files.exists(file)) {
            throw new CommandFailedException(
                    "no key at " + file.toAbsolutePath() + "; a node makes one at first start");
        }
        return new KeyFile(file, passwordFile).load();
    }
}
