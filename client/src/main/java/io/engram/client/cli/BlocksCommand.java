package io.engram.client.cli;

import io.engram.client.chain.ImportSummary;
import io.engram.client.dev.DevNetwork;
import io.engram.client.node.Node;
import io.engram.client.storage.DatabaseException;
import io.engram.client.storage.Durability;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InvalidGenesisException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Blocks to and from a file of RLP. */
@Command(
        name = "blocks",
        description = "Export blocks to a file, or import them from one.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = VersionProvider.class)
final class BlocksCommand implements Callable<Integer> {

    private static final int BUFFER = 1 << 20;

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--genesis-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "Genesis file of the chain (default: that of engram dev).")
    private Optional<Path> genesisFile = Optional.empty();

    @Option(
            names = "--data-path",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "The node's data directory (default: ${DEFAULT-VALUE}).",
            defaultValue = "engram-data")
    private Path dataPath = Path.of("engram-data");

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Say export or import");
    }

    @Command(name = "export", description = "Write blocks to a file, one RLP list after another.")
    int export(
            @Option(
                            names = "--from",
                            paramLabel = "BLOCK",
                            description = "First block (default: 1).",
                            defaultValue = "1")
                    long from,
            @Option(names = "--to", paramLabel = "BLOCK", description = "Last block (default: the head).")
                    Optional<Long> to,
            @Parameters(paramLabel = "FILE", description = "Where to write.") Path file)
            throws CommandFailedException, IOException {
        try (Node node = open();
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
            long last = to.orElse(node.chain().head().number());
            long count = node.exporter().export(from, last, out);
            spec.commandLine().getOut().println("Exported " + count + " blocks to " + file);
            return 0;
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    @Command(
            name = "import",
            description = "Validate blocks from a file, running every inference again, and add them to the chain.")
    int importBlocks(@Parameters(paramLabel = "FILE", description = "What export wrote.") Path file)
            throws CommandFailedException, IOException {
        try (Node node = open();
                InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            ImportSummary summary = node.importer().importAll(in);
            spec.commandLine()
                    .getOut()
                    .println("Imported " + summary.imported() + " blocks, had " + summary.known() + " already; head "
                            + node.chain().head().number() + " "
                            + node.chain().head().hash());
            if (summary.failure().isPresent()) {
                throw new CommandFailedException("refused " + summary.failure().get());
            }
            return 0;
        }
    }

    private Node open() throws CommandFailedException, IOException {
        try {
            GenesisFile genesis = genesisFile.isPresent() ? GenesisFile.read(genesisFile.get()) : DevNetwork.genesis();
            return Node.open(
                    new Node.Options(dataPath, genesis, Durability.PROCESS, Node.TARGET_GAS_LIMIT, Optional::empty));
        } catch (InvalidGenesisException | DatabaseException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }
}
