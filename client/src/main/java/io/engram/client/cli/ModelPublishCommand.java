package io.engram.client.cli;

import io.engram.client.keystore.KeyFile;
import io.engram.client.model.ModelStore;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** From a model file to a model of a chain. */
@Command(
        name = "publish",
        description =
                "Make a model known to a chain. A development node takes the file, pays, and makes it callable. On"
                        + " another chain the model is announced by a transaction that pays for its bytes, and with the keys of a"
                        + " quorum of its validators attested; every validator needs the file: --data-path puts it there.")
@SuppressWarnings("FieldCanBeFinal") // picocli assigns them
final class ModelPublishCommand implements Callable<Integer> {

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
            description = "Keys of validators, to attest with: of a quorum of them.")
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

    @Option(
            names = {"--rpc-url", "--rpc"},
            paramLabel = "URL",
            defaultValue = RpcClient.DEFAULT_URL)
    private String url = "";

    @Override
    public Integer call() throws IOException, CommandFailedException, InterruptedException {
        byte[] bytes = Files.readAllBytes(file);
        Model model = load(bytes);
        if (dataPath.isPresent()) {
            store(dataPath.get(), bytes);
        }
        try (RpcClient rpc = new RpcClient(url)) {
            if (!validators.isEmpty() || !uploaded(rpc, bytes)) {
                byTransactions(rpc, model);
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

    private Model load(byte[] bytes) throws CommandFailedException {
        try {
            return Model.load(bytes, InferenceConfig.Limits.DEFAULT);
        } catch (MalformedModelException e) {
            throw new CommandFailedException(file + ": " + e.getMessage(), e);
        }
    }

    private void store(Path node, byte[] bytes) throws IOException, CommandFailedException {
        try {
            new ModelStore(node.resolve("models"), InferenceConfig.Limits.DEFAULT, ModelStore.DEFAULT_CACHE_BYTES)
                    .add(bytes);
        } catch (MalformedModelException e) {
            throw new CommandFailedException(file + ": " + e.getMessage(), e);
        }
    }

    /** Whether the node is one that takes models and publishes them itself. */
    private static boolean uploaded(RpcClient rpc, byte[] bytes) throws IOException, InterruptedException {
        try {
            ModelUpload.publish(rpc, bytes);
            return true;
        } catch (RpcClient.RpcFailedException e) {
            if (e.isUnknownMethod()) {
                return false;
            }
            throw e;
        }
    }

    private void byTransactions(RpcClient rpc, Model model) throws IOException, InterruptedException {
        Path payerFile = payer.orElseThrow(() -> new ParameterException(
                spec.commandLine(), "this is no development node: --private-key-file FILE is needed to pay"));
        RpcAccount account = RpcAccount.open(rpc, new KeyFile(payerFile, password).load());
        List<KeyPair> attestors = new ArrayList<>();
        for (Path key : validators) {
            attestors.add(new KeyFile(key, password).load());
        }
        RemotePublication publication = RemotePublication.of(rpc, account, model);
        publication.announce();
        out().println("Announced " + model.id() + " for " + publication.price() + " wei");
        if (attestors.isEmpty()) {
            out().println("It becomes active when a quorum of the validators has attested it; give their keys with"
                    + " --validator-key-file");
        } else {
            publication.attest(attestors);
        }
    }
}
