package io.engram.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.keystore.KeyFile;
import io.engram.client.node.ModelPublication;
import io.engram.client.node.RegistryCalls;
import io.engram.client.rpc.RpcAccount;
import io.engram.client.rpc.RpcClient;
import io.engram.genesis.Hash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The end of a model on a chain. */
@Command(
        name = "retire",
        description = "Announce the retirement of a model by a transaction of its author. Calls go on until the chain's"
                + " notice is over and fail from then on; it cannot be taken back.")
@SuppressWarnings("FieldCanBeFinal") // picocli assigns them
final class ModelRetireCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private final ModelIdParameter id = new ModelIdParameter();

    @Option(
            names = {"--private-key-file", "--key"},
            paramLabel = "FILE",
            required = true,
            description = "Key of the model's author: hexadecimal, or JSON under a password.")
    private Path author = Path.of("");

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File whose first line is the password of the key, if it is encrypted.")
    private Optional<Path> password = Optional.empty();

    @Mixin
    private final RpcOption node = new RpcOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Hash modelId = id.get();
        try (RpcClient rpc = node.open()) {
            RpcAccount account = RpcAccount.open(rpc, new KeyFile(author, password).load());
            RpcAccount.Action retire = RpcAccount.Action.call(ModelPublication.REGISTRY, RegistryCalls.retire(modelId));
            JsonNode _ = account.run(retire);
            JsonNode model = rpc.call("model_get", modelId.toHex());
            spec.commandLine()
                    .getOut()
                    .println(model.path("status").asText() + " until block "
                            + (Long.decode(model.path("retiredFrom").asText()) - 1) + "  " + modelId);
        }
        return 0;
    }
}
