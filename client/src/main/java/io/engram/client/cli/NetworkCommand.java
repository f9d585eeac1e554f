package io.engram.client.cli;

import io.engram.client.network.NetworkFiles;
import io.engram.client.network.NetworkPlan;
import io.engram.client.network.NodeFiles;
import io.engram.client.network.RunOptions;
import io.engram.client.network.RunningNetwork;
import io.engram.client.network.Supervisor;
import io.engram.client.node.NodeKey;
import io.engram.genesis.Address;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.crypto.KeyPair;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Networks of several nodes. */
@Command(
        name = "network",
        description = "Make the files of a network of validators, and run it on this machine.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class)
final class NetworkCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Say create or run");
    }

    @Command(
            name = "create",
            description = "Write keys, the genesis file and a configuration file for each node into a new folder.",
            mixinStandardHelpOptions = true)
    int create(
            @Option(names = "--dir", paramLabel = "DIR", required = true, description = "The new folder.") Path folder,
            @Option(names = "--validators", paramLabel = "N", defaultValue = "4", description = DEFAULT) int validators,
            @Option(
                            names = {"--followers", "--rpc-nodes"},
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "Nodes that follow without a vote (default: ${DEFAULT-VALUE}).")
                    int followers,
            @Option(names = "--chain-id", paramLabel = "ID", defaultValue = "1337", description = DEFAULT) long chainId,
            @Option(names = "--block-period-seconds", paramLabel = "SECONDS", defaultValue = "1", description = DEFAULT)
                    long blockPeriod,
            @Option(
                            names = "--p2p-port",
                            paramLabel = "PORT",
                            defaultValue = "30303",
                            description = "The first node's; the others count up from it (default: ${DEFAULT-VALUE}).")
                    int p2pPort,
            @Option(
                            names = "--rpc-http-port",
                            paramLabel = "PORT",
                            defaultValue = "8545",
                            description = "The first node's; the others count up from it (default: ${DEFAULT-VALUE}).")
                    int rpcPort,
            @Option(
                            names = "--fund",
                            paramLabel = "ADDRESS",
                            split = ",",
                            description = "Accounts with funds beside the treasury.")
                    @Nullable
                    List<String> fund,
            @Option(
                            names = "--fund-dev-accounts",
                            description = "Fund the well-known development accounts, whose keys everybody has.")
                    boolean fundDev,
            @Option(
                            names = "--activation-delay",
                            paramLabel = "BLOCKS",
                            description = "From a model's attestation to its first use (default: ten minutes' worth).")
                    Optional<Long> activationDelay,
            @Option(
                            names = "--max-model-bytes",
                            paramLabel = "BYTES",
                            description = "Largest model file (default: 30 MiB). Above that the prices per byte of a"
                                    + " file fall, so that the largest still fits a transaction.")
                    Optional<Long> maxModelBytes,
            @Option(names = "--zero-base-fee", description = "Transactions need not pay for their gas.")
                    boolean zeroBaseFee,
            @Option(
                            names = "--hosts",
                            paramLabel = "HOST",
                            split = ",",
                            description = "A name or address for each node, where they run on machines or in containers"
                                    + " of their own (default: all here). They all use the same two ports.")
                    @Nullable
                    List<String> hosts)
            throws IOException {
        NetworkPlan plan;
        try {
            plan = new NetworkPlan(
                    validators,
                    followers,
                    chainId,
                    blockPeriod,
                    p2pPort,
                    rpcPort,
                    funded(fund, fundDev),
                    hosts == null ? List.of() : hosts,
                    activationDelay.map(OptionalLong::of).orElse(OptionalLong.empty()),
                    zeroBaseFee,
                    maxModelBytes.map(OptionalLong::of).orElse(OptionalLong.empty()));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "A network has " + e.getMessage(), e);
        }
        show(NetworkFiles.create(folder, plan), plan);
        return 0;
    }

    private static final String DEFAULT = "(default: ${DEFAULT-VALUE})";

    @Command(
            name = "run",
            description = "Run all nodes of a network, each in a process of its own, until this one is told to end.",
            mixinStandardHelpOptions = true)
    int run(
            @Parameters(paramLabel = "DIR", description = "What network create made.") Path folder,
            @Option(
                            names = "--restart",
                            paramLabel = "SECONDS",
                            description = "Start a node that has ended again, so long after its end (default: never).")
                    Optional<Integer> restart,
            @Option(
                            names = "--status-seconds",
                            paramLabel = "SECONDS",
                            description = "How often to print the nodes' heights, rounds and peers (default: 1 on a"
                                    + " terminal, otherwise 10).")
                    Optional<Integer> statusSeconds,
            @Option(
                            names = "--node-heap-megabytes",
                            paramLabel = "MB",
                            defaultValue = "1024",
                            description = "Largest heap of each node (default: ${DEFAULT-VALUE}).")
                    int heapMegabytes)
            throws IOException, InterruptedException {
        boolean terminal = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        int status = statusSeconds.orElse(terminal ? 1 : 10);
        if (status < 1 || restart.orElse(0) < 0 || heapMegabytes < 1) {
            throw new ParameterException(spec.commandLine(), "Seconds and megabytes are at least 1");
        }
        RunningNetwork network =
                RunningNetwork.start(NetworkFiles.open(folder).nodes(), RunOptions.ofHeap(heapMegabytes));
        Shutdown _ = Shutdown.of(network);
        Supervisor.Options options =
                new Supervisor.Options(restart.map(Duration::ofSeconds), Duration.ofSeconds(status), terminal);
        try (network;
                Supervisor supervisor =
                        new Supervisor(network, options, spec.commandLine().getOut())) {
            return supervisor.watch() ? 0 : 1;
        }
    }

    /** @param named null when the option is not given: picocli has no empty list for a parameter */
    private static List<Address> funded(@Nullable List<String> named, boolean dev) {
        List<Address> accounts = new ArrayList<>();
        if (named != null) {
            named.forEach(text -> accounts.add(Address.fromHex(text)));
        }
        if (dev) {
            DevAccounts.all().stream().map(KeyPair::address).forEach(accounts::add);
        }
        return accounts.stream().distinct().toList();
    }

    private void show(NetworkFiles files, NetworkPlan plan) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println("genesis    " + files.genesis());
        out.println("treasury   " + NodeKey.load(files.treasuryKey()).address().toChecksumHex() + ", key in "
                + files.treasuryKey());
        int index = 0;
        for (NodeFiles node : files.nodes()) {
            out.println(node.name() + "     "
                    + NodeKey.load(node.key()).address().toChecksumHex()
                    + (index < plan.validators() ? "  validator" : "  follower ") + "  JSON-RPC port "
                    + plan.rpcPortOf(index));
            index++;
        }
    }
}
