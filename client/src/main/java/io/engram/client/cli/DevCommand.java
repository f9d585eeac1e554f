package io.engram.client.cli;

import io.engram.client.dev.DevNode;
import io.engram.client.dev.DevOptions;
import io.engram.genesis.Wei;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.crypto.KeyPair;
import java.io.IOException;
import java.io.PrintWriter;
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

/** One node for developers: instant blocks, funded accounts, the helper methods of anvil and hardhat. */
@Command(
        name = "dev",
        description = "Run a development network of one node: chain id 1337, a block for each transaction.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = VersionProvider.class)
final class DevCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--data-path",
            paramLabel = "DIR",
            description = "Keep the chain here (default: a temporary directory, removed at the end).")
    private Optional<Path> dataPath = Optional.empty();

    @Option(
            names = "--block-period-seconds",
            paramLabel = "SECONDS",
            description = "Make a block every so many seconds in place of one for each transaction.")
    private Optional<Long> blockPeriod = Optional.empty();

    @Option(names = "--no-sample-model", description = "Do not publish the sample model.")
    private boolean noSampleModel;

    @Mixin
    private final RpcOptions rpc = new RpcOptions();

    @Mixin
    private final NodeInferenceOptions inference = new NodeInferenceOptions();

    @Mixin
    private final LoggingOption logging = new LoggingOption();

    @Override
    public Integer call() throws IOException, InterruptedException, CommandFailedException {
        logging.apply("WARN");
        if (blockPeriod.isPresent() && blockPeriod.get() < 1) {
            throw new ParameterException(spec.commandLine(), "--block-period-seconds must be at least 1");
        }
        DevNode dev = DevNode.start(new DevOptions(
                dataPath,
                blockPeriod,
                !noSampleModel,
                rpc.server(List.of("*"), List.of("*")),
                rpc.gasCap,
                rpc.maxLogsRange,
                Wei.of(rpc.minGasPrice),
                inference.settings()));
        Shutdown shutdown = Shutdown.of(dev);
        print(dev);
        shutdown.await();
        return 0;
    }

    private void print(DevNode dev) {
        PrintWriter out = spec.commandLine().getOut();
        out.println();
        out.println("Accounts, 10,000 ETH each; mnemonic \"" + DevAccounts.MNEMONIC + "\"");
        out.println("These keys are public. Never use them on another network.");
        int number = 0;
        for (KeyPair account : DevAccounts.all()) {
            out.println("(" + number + ") " + account.address().toChecksumHex() + "  "
                    + account.privateKey().toHex());
            number++;
        }
        out.println();
        dev.sampleModel().ifPresent(id -> out.println("Sample model    " + id + " (Fashion-MNIST, 28 × 28 grey)"));
        out.println("Chain id        " + dev.node().config().chainId().toLong());
        out.println("JSON-RPC        http://" + rpc.host + ":" + dev.port() + " (WebSocket on the same port)");
        out.flush();
    }
}
