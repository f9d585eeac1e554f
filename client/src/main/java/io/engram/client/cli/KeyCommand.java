package io.engram.client.cli;

import io.engram.client.keystore.KeyFile;
import io.engram.client.keystore.SecretStorage;
import io.engram.genesis.crypto.KeyPair;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Key files under a password. */
@Command(
        name = "key",
        description = "Encrypt key files and show whose they are (Web3 Secret Storage, version 3).",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class)
final class KeyCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Say encrypt or address");
    }

    @Command(name = "encrypt", description = "Print a key as JSON under a password.")
    int encrypt(
            @Parameters(paramLabel = "FILE", description = "File with 64 hexadecimal digits.") Path file,
            @Option(
                            names = "--password-file",
                            required = true,
                            paramLabel = "FILE",
                            description = "File whose first line is the password.")
                    Path password)
            throws IOException {
        KeyPair keys = new KeyFile(file, Optional.empty()).load();
        spec.commandLine()
                .getOut()
                .println(SecretStorage.encrypt(keys, KeyFile.password(password), new SecureRandom()));
        return 0;
    }

    @Command(name = "address", description = "Print the address of a key file, plain or encrypted.")
    int address(
            @Parameters(paramLabel = "FILE", description = "The key file.") Path file,
            @Option(
                            names = "--password-file",
                            paramLabel = "FILE",
                            description = "File whose first line is the password.")
                    Optional<Path> password)
            throws IOException {
        spec.commandLine()
                .getOut()
                .println(new KeyFile(file, password).load().address().toHex());
        return 0;
    }
}
