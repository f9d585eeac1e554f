package io.engram.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.keystore.KeyFile;
import io.engram.client.model.ModelStore;
import io.engram.client.node.ModelPublication;
import io.engram.client.rpc.RpcClient;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
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
                        + " another chain the model is announced by a transaction that pays for its bytes, and with the key of its one"
                        + " validator attested; every validator needs the file: --data-path puts it there.")
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
            description = "Key of the one validator, to attest with.")
    private Optional<Path> validator = Optional.empty();

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
            if (validator.isPresent() || !uploaded(rpc, bytes)) {
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

    private void byTransactions(RpcClient rpc, Model model)
            throws IOException, CommandFailedException, InterruptedException {
        Path payerFile = payer.orElseThrow(() -> new ParameterException(
                spec.commandLine(), "this is no development node: --private-key-file FILE is needed to pay"));
        KeyPair keys = new KeyFile(payerFile, password).load();
        ModelPublication publication = ModelPublication.of(model, registrySlots(rpc));
        UInt256 chainId = UInt256.fromHexString(rpc.call("eth_chainId").asText());
        send(rpc, chainId, keys, publication.calls().announce(), publication.price(), ModelPublication.ANNOUNCE_GAS);
        out().println("Announced " + model.id() + " for " + publication.price() + " wei");
        if (validator.isPresent()) {
            KeyPair attestor = new KeyFile(validator.get(), password).load();
            Bytes attestation = publication.attestation(chainId, attestor);
            send(rpc, chainId, keys, attestation, Wei.ZERO, ModelPublication.ATTEST_GAS);
        } else {
            out().println("It becomes active when a quorum of the validators has attested it; on a chain with one"
                    + " validator give its key with --validator-key-file");
        }
    }

    private static ModelPublication.RegistrySlots registrySlots(RpcClient rpc) {
        return slot -> {
            try {
                return UInt256.fromHexString(rpc.call(
                                "eth_getStorageAt",
                                ModelPublication.REGISTRY.toHex(),
                                slot.toQuantityHexString(),
                                "latest")
                        .asText());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new IOException("interrupted", e));
            }
        };
    }

    /** Sends a call of the registry, unless a trial of it reverts: then the error says why. */
    private static void send(RpcClient rpc, UInt256 chainId, KeyPair keys, Bytes data, Wei value, long gas)
            throws IOException, CommandFailedException, InterruptedException {
        String from = keys.address().toHex();
        rpc.call(
                "eth_call",
                Map.of(
                        "from", from,
                        "to", ModelPublication.REGISTRY.toHex(),
                        "value", value.value().toQuantityHexString(),
                        "gas", "0x" + Long.toHexString(gas),
                        "data", data.toHexString()),
                "latest");
        UInt256 nonce = UInt256.fromHexString(
                rpc.call("eth_getTransactionCount", from, "pending").asText());
        Wei price =
                Wei.of(UInt256.fromHexString(rpc.call("eth_gasPrice").asText())).times(2);
        Bytes raw = UnsignedTransaction.of(TransactionType.LEGACY)
                .chainId(chainId)
                .nonce(nonce.toLong())
                .gasPrice(price)
                .gasLimit(gas)
                .to(ModelPublication.REGISTRY)
                .value(value)
                .data(data)
                .sign(keys)
                .encoded();
        Hash hash = Hash.fromHex(
                rpc.call("eth_sendRawTransaction", raw.toHexString()).asText());
        JsonNode receipt = rpc.awaitReceipt(hash);
        if (!receipt.path("status").asText().equals("0x1")) {
            throw new CommandFailedException("transaction " + hash + " failed");
        }
    }
}
