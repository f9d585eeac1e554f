package io.engram.client.network;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.node.NodeKey;
import io.engram.genesis.Address;
import io.engram.genesis.config.DevGenesis;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.genesis.crypto.KeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;

/**
 * A network as files: {@code genesis.json}, {@code treasury.key} (the account that holds the funds) and for each node
 * {@code node-N/config.toml} and {@code node-N/data/key}. The folder may be moved; nothing in it is an absolute path.
 */
public final class NetworkFiles {

    /** What the treasury and each funded account hold at genesis, in wei: a billion ether. */
    public static final String FUNDS = "1000000000000000000000000000";

    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;

    private NetworkFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes a new network.
     *
     * @throws IOException when the folder exists and is not empty, or cannot be written
     */
    public static NetworkFiles create(Path folder, NetworkPlan plan) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> entries = Files.list(folder)) {
                if (entries.findAny().isPresent()) {
                    throw new IOException(folder + " is not empty: a network is made in a new folder");
                }
            }
        }
        Files.createDirectories(folder);
        NetworkFiles files = new NetworkFiles(folder);
        List<KeyPair> keys = new ArrayList<>();
        for (int i = 0; i < plan.nodes(); i++) {
            NodeFiles node = files.node(i);
            Files.createDirectories(node.data());
            keys.add(NodeKey.loadOrCreate(node.key()));
        }
        KeyPair treasury = NodeKey.loadOrCreate(files.treasuryKey());
        Files.writeString(files.genesis(), genesis(plan, keys, treasury.address()));
        for (int i = 0; i < plan.nodes(); i++) {
            Files.writeString(files.node(i).config(), config(plan, keys, i));
        }
        return files;
    }

    /** @throws IOException when the folder holds no network */
    public static NetworkFiles open(Path folder) throws IOException {
        NetworkFiles files = new NetworkFiles(folder);
        if (!Files.exists(files.genesis()) || files.nodes().isEmpty()) {
            throw new IOException(folder + " holds no network; engram network create makes one");
        }
        return files;
    }

    public Path genesis() {
        return folder.resolve("genesis.json");
    }

    /** The private key of the account that holds the funds. */
    public Path treasuryKey() {
        return folder.resolve("treasury.key");
    }

    /** The nodes that are there, validators first. */
    public List<NodeFiles> nodes() {
        List<NodeFiles> nodes = new ArrayList<>();
        while (Files.exists(node(nodes.size()).config())) {
            nodes.add(node(nodes.size()));
        }
        return List.copyOf(nodes);
    }

    /** @param index from 0 */
    private NodeFiles node(int index) {
        return new NodeFiles(folder.resolve(nodeName(index)));
    }

    /**
     * The name of a node in every network.
     *
     * @param index from 0, validators first
     */
    public static String nodeName(int index) {
        return "node-" + (index + 1);
    }

    private static String genesis(NetworkPlan plan, List<KeyPair> keys, Address treasury) throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(DevGenesis.text());
        ObjectNode config = (ObjectNode) root.get("config");
        config.put("chainId", plan.chainId());
        ((ObjectNode) config.get("qbft")).put("blockperiodseconds", plan.blockPeriodSeconds());
        // Development chains skip the delay in which validators fetch a model; a network needs it.
        ObjectNode inference = (ObjectNode) config.get("inference");
        inference.remove("activationDelay");
        plan.activationDelay().ifPresent(blocks -> inference.put("activationDelay", blocks));
        plan.maxModelBytes().ifPresent(bytes -> allowModels(inference, bytes));
        if (plan.zeroBaseFee()) {
            config.put("zeroBaseFee", true);
        }
        ObjectNode alloc = (ObjectNode) root.get("alloc");
        // The contracts that the forks call stay; the development accounts go.
        alloc.properties().removeIf(account -> !account.getValue().has("code"));
        alloc.putObject(treasury.toChecksumHex()).put("balance", FUNDS);
        plan.funded()
                .forEach(account -> alloc.putObject(account.toChecksumHex()).put("balance", FUNDS));
        List<Address> validators = keys.subList(0, plan.validators()).stream()
                .map(KeyPair::address)
                .toList();
        try {
            GenesisFile file = GenesisFile.parse(root.toString()).withValidators(validators);
            root.put("extraData", file.extraData().toHexString());
        } catch (InvalidGenesisException e) {
            throw new IllegalStateException("the shipped genesis does not take the plan", e);
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    /** The prices per byte of a file fall as its limit rises, so that the largest still fits a transaction (protocol C5). */
    private static void allowModels(ObjectNode inference, long bytes) {
        inference.putObject("limits").put("maxModelBytes", bytes);
        long usual = InferenceConfig.Limits.DEFAULT.maxModelBytes();
        if (bytes > usual) {
            inference
                    .putObject("gas")
                    .put("coldPerKib", InferenceConfig.Gas.DEFAULT.coldPerKib() * usual / bytes)
                    .put(
                            "weightBytesPerGas",
                            Math.ceilDiv(InferenceConfig.Gas.DEFAULT.weightBytesPerGas() * bytes, usual));
        }
    }

    private static String config(NetworkPlan plan, List<KeyPair> keys, int index) {
        StringBuilder others = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            if (i != index) {
                others.append(others.isEmpty() ? "" : ",")
                        .append("\n  \"")
                        .append(enode(keys.get(i), plan.host(i), plan.p2pPortOf(i)))
                        .append('"');
            }
        }
        return """
                # %s of this network. Options are those of the command line without the dashes.
                genesis-file = "../genesis.json"
                data-path = "data"
                p2p-enabled = true
                p2p-host = "%s"
                p2p-port = %d
                discovery-enabled = false
                bootnodes = [%s
                ]
                rpc-http-enabled = true
                rpc-http-port = %d
                """.formatted(
                        index < plan.validators() ? "Validator" : "Follower",
                        plan.host(index),
                        plan.p2pPortOf(index),
                        others,
                        plan.rpcPortOf(index));
    }

    private static String enode(KeyPair key, String host, int port) {
        return "enode://" + Bytes.wrap(key.publicKey()).toUnprefixedHexString() + "@" + host + ":" + port;
    }
}
