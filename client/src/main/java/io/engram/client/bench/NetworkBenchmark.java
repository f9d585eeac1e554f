package io.engram.client.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.network.NodeClient;
import io.engram.client.network.TrialNetwork;
import io.engram.client.node.NetworkPublication;
import io.engram.client.rpc.RpcAccount;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.FunctionSelector;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.system.SystemContracts;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Load on a network: how many transfers of an ERC-20 token, and how many inferences, get into blocks each second, and how
 * regular the blocks are. The senders run in this process, on the same machine. Used by one thread.
 */
public final class NetworkBenchmark {

    /** How long the validators may take to fetch and sign the model. */
    private static final Duration PUBLICATION = Duration.ofMinutes(2);

    private static final int ACCOUNTS = 64;
    private static final int RECEIVERS = 10_000;
    private static final int WORD = 32;

    /** Transactions on their way; a node's pool holds more. */
    private static final int AHEAD = 4_000;

    /** As many inferences keep some blocks full. */
    private static final int INFERENCES_AHEAD = 1_000;

    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Wei FUNDS = Wei.ofEther(1_000_000);
    private static final Wei PRICE = Wei.of(1_000_000_000_000L);
    private static final long SEED = 1;

    private final TrialNetwork network;
    private final RpcAccount treasury;
    private final LoadSender sender;
    private final List<Address> accounts = new ArrayList<>();
    private final RandomGenerator random = new SplittableRandom(SEED);

    private NetworkBenchmark(TrialNetwork network) throws IOException, InterruptedException {
        this.network = network;
        this.treasury = RpcAccount.open(first().rpc(), network.treasury());
        List<RpcAccount> senders = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            KeyPair key = key(i);
            accounts.add(key.address());
            senders.add(RpcAccount.open(
                    network.validators().get(i % network.validators().size()).rpc(), key));
        }
        this.sender = new LoadSender(senders, network.validators());
    }

    /** Gives the senders their funds. */
    public static NetworkBenchmark on(TrialNetwork network) throws IOException, InterruptedException {
        NetworkBenchmark benchmark = new NetworkBenchmark(network);
        benchmark.toAll(account -> new RpcAccount.Action(Optional.of(account), Bytes.EMPTY, FUNDS));
        return benchmark;
    }

    private static KeyPair key(int index) {
        return KeyPair.of(Keccak256.hash(Bytes.ofUnsignedLong(SEED + index)));
    }

    private NodeClient first() {
        return network.validators().getFirst();
    }

    private interface ActionFor {
        RpcAccount.Action of(Address account);
    }

    /** One transaction of the treasury for each sender. */
    private void toAll(ActionFor action) throws IOException, InterruptedException {
        List<Hash> sent = new ArrayList<>();
        for (Address account : accounts) {
            RpcAccount.Action each = action.of(account);
            sent.add(treasury.send(each, treasury.estimate(each), treasury.gasPrice()));
        }
        for (Hash transaction : sent) {
            treasury.await(transaction);
        }
    }

    /** Transfers of an ERC-20 token from 64 holders to 10,000 receivers. */
    public NetworkFigures transfers(Duration duration) throws IOException, InterruptedException {
        Bytes code;
        try (InputStream in = NetworkBenchmark.class.getResourceAsStream("token.hex")) {
            if (in == null) {
                throw new IllegalStateException("the client was built without token.hex");
            }
            code = Bytes.fromHexString(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
        Address token = Address.fromHex(treasury.run(new RpcAccount.Action(Optional.empty(), code, Wei.ZERO))
                .path("contractAddress")
                .asText());
        toAll(account -> RpcAccount.Action.call(token, transfer(account, 1_000_000_000)));
        LoadSource source = () -> RpcAccount.Action.call(token, transfer(receiver(), 1));
        return measure("ERC-20 transfers", source, AHEAD, duration, arrival -> arrival.transactions());
    }

    private static Bytes transfer(Address to, long amount) {
        return Bytes.concatenate(
                FunctionSelector.of("transfer(address,uint256)"),
                Bytes.wrap(new byte[WORD - Address.SIZE]),
                to.toBytes(),
                UInt256.valueOf(amount).toBytes());
    }

    private Address receiver() {
        return new Address(0, 0, Integer.reverse(random.nextInt(RECEIVERS) + 1));
    }

    /** Calls of a model, each with another input. */
    public NetworkFigures inferences(Model model, byte[] file, Duration duration)
            throws IOException, InterruptedException {
        new NetworkPublication(first().rpc(), treasury, model, file, _ -> {}).run(PUBLICATION);
        int size = model.facts().inputBytes();
        LoadSource source = () -> {
            byte[] input = new byte[size];
            random.nextBytes(input);
            return RpcAccount.Action.call(
                    SystemContracts.INFERENCE_GATEWAY, CallData.infer(model.id(), Bytes.wrap(input)));
        };
        return measure(
                "inferences",
                source,
                INFERENCES_AHEAD,
                duration,
                arrival -> first().rpc()
                        .call("inference_getReceipts", NodeClient.hex(arrival.number()))
                        .size());
    }

    private interface CountOf {
        long of(BlockWatch.Arrival block) throws IOException, InterruptedException;
    }

    private NetworkFigures measure(String load, LoadSource source, int ahead, Duration duration, CountOf count)
            throws IOException, InterruptedException {
        // The first takes the most: it finds storage empty and models cold. Inputs differ in their bytes.
        long gas = treasury.estimate(source.next()) * 5 / 4;
        List<BlockWatch.Arrival> measured;
        try (BlockWatch watch = BlockWatch.start(first())) {
            long before = sender.sent();
            long begin = System.nanoTime() + WARM_UP.toNanos();
            long end = begin + duration.toNanos();
            sender.run(source, gas, PRICE, () -> before + watch.transactions(), ahead, end);
            measured = watch.arrivals().stream()
                    .filter(block -> block.nanos() >= begin && block.nanos() <= end)
                    .toList();
            first().await("take up every transaction", PATIENCE, () -> before + watch.transactions() >= sender.sent());
        }
        check();
        long done = 0;
        for (BlockWatch.Arrival block : measured.subList(1, measured.size())) {
            requireSuccess(block);
            done += count.of(block);
        }
        return NetworkFigures.of(load, measured, done);
    }

    private void requireSuccess(BlockWatch.Arrival block) throws IOException, InterruptedException {
        for (JsonNode receipt : first().rpc().call("eth_getBlockReceipts", NodeClient.hex(block.number()))) {
            if (!receipt.path("status").asText().equals("0x1")) {
                throw new IOException(
                        "transaction " + receipt.path("transactionHash").asText() + " failed");
            }
        }
    }

    /** All nodes are on one chain. */
    private void check() throws IOException, InterruptedException {
        long height = first().height();
        Set<Hash> heads = new HashSet<>();
        for (NodeClient validator : network.validators()) {
            validator.awaitHeight(height, PATIENCE);
            heads.add(validator.hashAt(height));
        }
        if (heads.size() != 1) {
            throw new IOException("the validators have different blocks " + height + ": " + heads);
        }
    }
}
