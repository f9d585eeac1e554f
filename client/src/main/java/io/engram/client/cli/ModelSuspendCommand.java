package io.engram.client.cli;

import io.engram.client.keystore.KeyFile;
import io.engram.client.node.RemoteSuspension;
import io.engram.client.rpc.RpcAccount;
import io.engram.client.rpc.RpcClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A validator's word that a model shall stop, or go on. */
@Command(
        name = "suspend",
        description =
                "Sign, as a validator, that a model is to be suspended from the next block on, or let go on (--lift)."
                        + " The node passes the signature on to all others; once a quorum has signed, anybody submits it, here by"
                        + " --private-key-file.")
@SuppressWarnings("FieldCanBeFinal") // picocli assigns them
final class ModelSuspendCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private final ModelIdParameter id = new ModelIdParameter();

    @Option(names = "--lift", description = "Let a suspended model go on.")
    private boolean lift;

    @Option(
            names = "--validator-key-file",
            paramLabel = "FILE",
            split = ",",
            description = "Keys of validators to sign with; they stay on this machine.")
    private List<Path> validators = List.of();

    @Option(
            names = {"--private-key-file", "--key"},
            paramLabel = "FILE",
            description = "Key of the account that pays for submitting the signatures, if there is a quorum of them.")
    private Optional<Path> payer = Optional.empty();

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File whose first line is the password of the keys that are encrypted.")
    private Optional<Path> password = Optional.empty();

    @Mixin
    private final RpcOption node = new RpcOption();

    @Override
    public Integer call() throws IOException, CommandFailedException, InterruptedException {
        try (RpcClient rpc = node.open()) {
            RemoteSuspension suspension = RemoteSuspension.of(rpc, id.get(), !lift);
            for (Path key : validators) {
                suspension.sign(new KeyFile(key, password).load());
            }
            RemoteSuspension.Signatures signatures = suspension.signatures();
            String count = signatures.known().size() + " of " + signatures.quorum() + " signatures";
            if (!signatures.suffice() || payer.isEmpty()) {
                spec.commandLine().getOut().println(count);
                return 0;
            }
            suspension.submit(RpcAccount.open(rpc, new KeyFile(payer.get(), password).load()), signatures);
            spec.commandLine()
                    .getOut()
                    .println(count + ", submitted: the model is " + (lift ? "callable again" : "suspended"));
        }
        return 0;
    }
}
