package io.engram.client.cli;

import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InvalidGenesisException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which chain a model is for. */
final class LimitsOption {

    @Option(
            names = "--genesis",
            paramLabel = "FILE",
            description = "Genesis file of the chain that the model is for, whose limits count (default: the default"
                    + " limits).")
    Optional<Path> genesis = Optional.empty();

    /** @throws CommandFailedException when the file is malformed or that chain has no models */
    InferenceConfig.Limits limits() throws IOException, CommandFailedException {
        if (genesis.isEmpty()) {
            return InferenceConfig.Limits.DEFAULT;
        }
        try {
            return GenesisFile.read(genesis.get())
                    .config()
                    .inference()
                    .orElseThrow(() -> new CommandFailedException(genesis.get() + ": a chain without inference"))
                    .limits();
        } catch (InvalidGenesisException e) {
            throw new CommandFailedException(genesis.get() + ": " + e.getMessage(), e);
        }
    }
}
