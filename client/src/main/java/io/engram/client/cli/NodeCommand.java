package io.engram.client.cli;

import io.engram.client.dev.HelperMethods;
import io.engram.client.keystore.KeyFile;
import io.engram.client.network.ParentWatch;
import io.engram.client.node.NodeOptions;
import io.engram.client.node.NodeServer;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InvalidGenesisException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a node of the chain that a genesis file describes. */
@Command(
        name = "engram",
        description =
                "An EVM blockchain client whose contracts can call neural networks. Without a command it runs a node.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = VersionProvider.class)
final class NodeCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = ConfigFile.OPTION,
            paramLabel = "FILE",
            description = "TOML file with options, each named as here without the dashes. The command line and the"
                    + " environment go before it.")
    @SuppressWarnings("UnusedVariable") // Main reads it before picocli does, to know the defaults
    private Optional<Path> configFile = Optional.empty();

    @Option(names = "--genesis-file", paramLabel = "FILE", description = "Genesis file in Besu's or geth's form.")
    private Optional<Path> genesisFile = Optional.empty();

    @Option(
            names = "--data-path",
            paramLabel = "DIR",
            description = "Where the node keeps its data (default: ${DEFAULT-VALUE}).",
            defaultValue = "engram-data")
    private Path dataPath = Path.of("engram-data");

    @Option(
            names = "--node-private-key-file",
            paramLabel = "FILE",
            description =
                    "The node's key, also the validator's: hexadecimal, or JSON under a password (default: the file key"
                            + " in the data path).")
    private Optional<Path> keyFile = Optional.empty();

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File whose first line is the password of the node's key, where that is encrypted.")
    private Optional<Path> passwordFile = Optional.empty();

    @Option(names = "--rpc-http-enabled", arity = "0..1", description = "Serve JSON-RPC.", fallbackValue = "true")
    private boolean rpcEnabled;

    @Mixin
    private final RpcOptions rpc = new RpcOptions();

    @Mixin
    private final NetworkingOptions network = new NetworkingOptions();

    @Mixin
    private final ConsensusOptions consensus = new ConsensusOptions();

    @Mixin
    private final NodeInferenceOptions inference = new NodeInferenceOptions();

    @Mixin
    private final MetricsOptions metrics = new MetricsOptions();

    @Mixin
    private final LoggingOption logging = new LoggingOption();

    @Override
    public Integer call() throws IOException, InterruptedException, CommandFailedException {
        logging.apply("INFO");
        ParentWatch.begin();
        if (genesisFile.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--genesis-file is missing (or use: engram dev)");
        }
        NodeServer server = start(genesisFile.get());
        Shutdown shutdown = Shutdown.of(server);
        server.port()
                .ifPresent(port -> spec.commandLine()
                        .getOut()
                        .println("JSON-RPC        http://" + rpc.host + ":" + port + " (WebSocket on the same port)"));
        shutdown.await();
        return 0;
    }

    private NodeServer start(Path genesis) throws IOException, CommandFailedException {
        try {
            return NodeServer.start(
                    new NodeOptions(
                            dataPath,
                            GenesisFile.read(genesis),
                            keyFile.map(file -> new KeyFile(file, passwordFile)),
                            rpcEnabled
                                    ? Optional.of(rpc.server(List.of(), List.of("localhost", "127.0.0.1")))
                                    : Optional.empty(),
                            network.open(dataPath),
                            consensus.open(),
                            rpc.gasCap,
                            rpc.maxLogsRange,
                            rpc.leastTip(),
                            inference.settings(),
                            metrics.address()),
                    HelperMethods.names());
        } catch (InvalidGenesisException e) {
            throw new CommandFailedException(genesis + ": " + e.getMessage(), e);
        }
    }
}
