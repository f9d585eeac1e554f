package io.engram.client.cli;

import io.engram.client.keystore.KeyFile;
import io.engram.client.model.ModelStore;
import io.engram.client.node.InferenceConfigView;
import io.engram.client.node.NetworkPublication;
import io.engram.client.node.RemotePublication;
import io.engram.client.rpc.RpcAccount;
import io.engram.client.rpc.RpcClient;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.crypto.KeyPair;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** From a model file to a model of a chain. */
@Command(
        name = "publish",
        description =
                "Make a model callable on a chain. A development node takes the file and pays. On a network the model is"
                        + " announced by a transaction that pays for its bytes, the file is handed to the node, the validators"
                        + " fetch, check and sign it, and their signatures are submitted. Ends when the model is active; may"
                        + " be broken off and repeated.")
@SuppressWarnings("FieldCanBeFinal") // picocli assigns them
final class ModelPublishCommand implements Callable<Integer> {

    /** As good as for ever: who waits for validators that sleep may break it off. */
    private static final Duration PATIENCE = Duration.ofDays(30);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "MODEL", description = "An .egm file.")
    private Path file = Path.of("");

    @Option(
            names = {"--private-key-file", "--key"},
            paramLabel = "FILE",
            description = "Key of the account that pays, not needed on a development node: hexadecimal, or JSON under a"
                    + " password.")
    private Optional<Path> payer = Optional.empty();

    @Option(
            names = "--validator-key-file",
            paramLabel = "FILE",
            split = ",",
            description =
                    "Keys of a quorum of the validators, to attest with at once instead of waiting for their nodes.")
    private List<Path> validators = List.of();

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File whose first line is the password of the keys that are encrypted.")
    private Optional<Path> password = Optional.empty();

    @Option(
            names = "--data-path",
            paramLabel = "DIR",
            description = "Data directory of a node that shall hold the file.")
    private Optional<Path> dataPath = Optional.empty();

    @Mixin
    private final RpcOption node = new RpcOption();

    @Override
    public Integer call() throws IOException, CommandFailedException, InterruptedException {
        byte[] bytes = Files.readAllBytes(file);
        try (RpcClient rpc = node.open()) {
            InferenceConfig.Limits limits = InferenceConfigView.limits(rpc);
            Model model = load(bytes, limits);
            if (dataPath.isPresent()) {
                store(dataPath.get(), bytes, limits);
            }
            if (!validators.isEmpty()) {
                withKeys(rpc, model);
            } else if (isDevelopmentNode(rpc)) {
                ModelUpload.publish(rpc, bytes);
            } else {
                new NetworkPublication(rpc, account(rpc), model, bytes, this::say).run(PATIENCE);
            }
            out().println(rpc.call("model_get", model.id().toHex())
                            .path("status")
                            .asText() + "  " + model.id());
        }
        return 0;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private Model load(byte[] bytes, InferenceConfig.Limits limits) throws CommandFailedException {
        try {
            return Model.load(bytes, limits);
        } catch (MalformedModelException e) {
            throw new CommandFailedException(file + ": " + e.getMessage(), e);
        }
    }

    private void store(Path node, byte[] bytes, InferenceConfig.Limits limits)
            throws IOException, CommandFailedException {
        try {
            new ModelStore(node.resolve("models"), limits, ModelStore.DEFAULT_CACHE_BYTES).add(bytes);
        } catch (MalformedModelException e) {
            throw new CommandFailedException(file + ": " + e.getMessage(), e);
        }
    }

    /** Whether the node is one that takes models and publishes them itself. */
    private static boolean isDevelopmentNode(RpcClient rpc) throws IOException, InterruptedException {
        try {
            rpc.call("model_publishUpload");
            return true;
        } catch (RpcClient.RpcFailedException e) {
            return !e.isUnknownMethod();
        }
    }

    private RpcAccount account(RpcClient rpc) throws IOException, CommandFailedException, InterruptedException {
        Path payerFile = payer.orElseThrow(() -> new ParameterException(
                spec.commandLine(), "this is no development node: --private-key-file FILE is needed to pay"));
        return RpcAccount.open(rpc, new KeyFile(payerFile, password).load());
    }

    private void say(String line) {
        out().println(line);
        out().flush();
    }

    private void withKeys(RpcClient rpc, Model model) throws IOException, CommandFailedException, InterruptedException {
        RpcAccount account = account(rpc);
        List<KeyPair> attestors = new ArrayList<>();
        for (Path key : validators) {
            attestors.add(new KeyFile(key, password).load());
        }
        RemotePublication publication = RemotePublication.of(rpc, account, model);
        publication.announce();
        say("Announced " + model.id() + " for " + publication.price() + " wei");
        publication.attest(attestors);
    }
}
