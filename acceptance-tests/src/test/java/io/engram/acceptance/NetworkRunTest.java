package io.engram.acceptance;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.consensus.SignatureCodec;
import io.engram.client.network.FreePorts;
import io.engram.client.network.NetworkFiles;
import io.engram.client.network.NodeFiles;
import io.engram.client.node.NodeKey;
import io.engram.client.rpc.RpcAccount;
import io.engram.client.rpc.RpcClient;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.system.SystemContracts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four validators in four processes, as {@code engram network} makes and runs them. */
class NetworkRunTest {

    private static final int VALIDATORS = 4;
    private static final int INFERENCES = 8;
    private static final int RESTART_SECONDS = 8;
    private static final int PIXELS = 28 * 28;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Path MODEL =
            Engram.ROOT.resolve("client/src/main/resources/io/engram/client/demo/fashion-mnist.egm");

    @TempDir
    Path directory;

    private final List<RpcClient> nodes = new ArrayList<>();

    @AfterEach
    void disconnect() {
        nodes.forEach(RpcClient::close);
    }

    @Test
    void aKilledValidatorIsMissedByNobodyComesBackAndVotes() throws Exception {
        NetworkFiles files = create();
        NodeFiles victim = files.nodes().getLast();
        Address address = NodeKey.load(victim.key()).address();
        Path log = directory.resolve("run.log");
        try (Background _ = Background.engram(
                log,
                "network",
                "run",
                directory.resolve("net").toString(),
                "--restart=" + RESTART_SECONDS,
                "--status-seconds=2",
                "--node-heap-megabytes=384")) {
            eventually("first blocks", log, () -> heights().stream().allMatch(height -> height >= 2));
            Hash modelId = publish(files, log);
            infer(RpcAccount.open(nodes.getFirst(), NodeKey.load(files.treasuryKey())), modelId);

            ProcessHandle.of(pid(victim, log)).orElseThrow().destroyForcibly();
            long killedAt = height(0);
            eventually("blocks without it", log, () -> height(0) >= killedAt + 3);
            eventually("its return", log, () -> height(VALIDATORS - 1) >= killedAt + 3);
            long back = height(VALIDATORS - 1);
            eventually("its seal", log, () -> hasSealed(address, back + 1, height(0)));

            long head = height(0);
            eventually("one height", log, () -> heights().stream().allMatch(height -> height >= head));
            assertThat(hashesAt(head)).hasSize(1);
            assertEachInferenceIsVerifiedByAllButItsProposer(files);
            assertThatAnInferenceIsProvenByTheGenesisFileAlone();
        }
        assertThat(Files.readString(log))
                .contains(victim.name() + " has ended with exit code 137")
                .contains(victim.name() + " is started again");
        assertThat(pids(log))
                .hasSize(VALIDATORS + 1)
                .noneMatch(pid ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
    }

    private NetworkFiles create() throws IOException, InterruptedException {
        int port = FreePorts.consecutive(2 * VALIDATORS);
        Path net = directory.resolve("net");
        Engram.Result made = Engram.run(
                "network",
                "create",
                "--dir=" + net,
                "--validators=" + VALIDATORS,
                "--p2p-port=" + port,
                "--rpc-http-port=" + (port + VALIDATORS),
                "--activation-delay=0");
        assertThat(made.status()).as(made.output()).isZero();
        NetworkFiles files = NetworkFiles.open(net);
        for (NodeFiles node : files.nodes()) {
            // No test of other back ends: it takes seconds of each node.
            Files.writeString(node.config(), "inference-backend = \"reference\"\n", APPEND);
            nodes.add(new RpcClient(node.ports().rpc().orElseThrow().url()));
        }
        return files;
    }

    /** Publishes the shipped model on the first node, from which all others fetch it. */
    private Hash publish(NetworkFiles files, Path log) throws Exception {
        Engram.Result published = Engram.run(
                "model",
                "publish",
                MODEL.toString(),
                "--rpc-url="
                        + files.nodes().getFirst().ports().rpc().orElseThrow().url(),
                "--private-key-file=" + files.treasuryKey());
        Matcher announced = Pattern.compile("active {2}(0x[0-9a-f]{64})").matcher(published.output());
        assertThat(announced.find()).as(published.output()).isTrue();
        String id = announced.group(1);
        eventually("the file on every node", log, () -> {
            for (RpcClient node : nodes) {
                if (!node.call("model_get", id).path("held").asBoolean()) {
                    return false;
                }
            }
            return true;
        });
        return Hash.fromHex(id);
    }

    private static void infer(RpcAccount account, Hash modelId) throws IOException, InterruptedException {
        Bytes selector = Keccak256.hash("infer(bytes32,bytes)".getBytes(StandardCharsets.US_ASCII))
                .toBytes()
                .slice(0, 4);
        List<Hash> sent = new ArrayList<>();
        for (int i = 0; i < INFERENCES; i++) {
            byte[] image = new byte[PIXELS];
            image[i] = 1;
            RpcAccount.Action call = RpcAccount.Action.call(
                    SystemContracts.INFERENCE_GATEWAY,
                    Bytes.concatenate(
                            selector,
                            modelId.toBytes(),
                            UInt256.valueOf(2 * Hash.SIZE).toBytes(),
                            UInt256.valueOf(PIXELS).toBytes(),
                            Bytes.wrap(image),
                            Bytes.wrap(new byte[Math.ceilDiv(PIXELS, Hash.SIZE) * Hash.SIZE - PIXELS])));
            sent.add(account.send(call, account.estimate(call), account.gasPrice()));
            if (i % 2 == 1) {
                account.await(sent.getLast());
            }
        }
        for (Hash transaction : sent) {
            account.await(transaction);
        }
    }

    /** Every node that the log says was started. */
    private static List<Long> pids(Path log) throws IOException {
        return Pattern.compile("node-\\d+  pid (\\d+)")
                .matcher(Files.readString(log))
                .results()
                .map(line -> Long.valueOf(line.group(1)))
                .toList();
    }

    private static long pid(NodeFiles node, Path log) throws IOException {
        Matcher line = Pattern.compile(node.name() + "  pid (\\d+)").matcher(Files.readString(log));
        assertThat(line.find()).isTrue();
        return Long.parseLong(line.group(1));
    }

    private long height(int node) throws IOException, InterruptedException {
        return Long.decode(nodes.get(node).call("eth_blockNumber").asText());
    }

    private List<Long> heights() throws IOException, InterruptedException {
        List<Long> heights = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            heights.add(height(i));
        }
        return heights;
    }

    private Set<String> hashesAt(long number) throws IOException, InterruptedException {
        Set<String> hashes = new HashSet<>();
        for (RpcClient node : nodes) {
            hashes.add(node.call("eth_getBlockByNumber", hex(number), false)
                    .path("hash")
                    .asText());
        }
        return hashes;
    }

    /** Whether one of the blocks {@code [from, to]} carries the validator's seal. */
    private boolean hasSealed(Address validator, long from, long to)
            throws IOException, InterruptedException, RlpException {
        for (long number = from; number <= to; number++) {
            BlockHeader header = BlockCodec.decodeHeader(Bytes.fromHexString(
                    nodes.getFirst().call("debug_getRawHeader", hex(number)).asText()));
            Hash digest = QbftHasher.sealHash(header);
            if (QbftExtraDataCodec.decode(header.extraData()).seals().stream()
                    .map(seal -> SignatureCodec.decode(seal).orElseThrow())
                    .anyMatch(seal ->
                            Secp256k1.recoverAddress(digest, seal).orElseThrow().equals(validator))) {
                return true;
            }
        }
        return false;
    }

    /** By the counts of those that ran on: they go back to the first block. */
    private void assertEachInferenceIsVerifiedByAllButItsProposer(NetworkFiles files)
            throws IOException, InterruptedException {
        Map<String, Integer> proposed = new HashMap<>();
        for (long number = 1; number <= height(0); number++) {
            RpcClient node = nodes.getFirst();
            proposed.merge(
                    node.call("eth_getBlockByNumber", hex(number), false)
                            .path("miner")
                            .asText(),
                    node.call("inference_getReceipts", hex(number)).size(),
                    Integer::sum);
        }
        for (int i = 0; i < VALIDATORS - 1; i++) {
            String self = NodeKey.load(files.nodes().get(i).key()).address().toHex();
            assertThat(nodes.get(i)
                            .call("inference_getStatus")
                            .path("verified")
                            .path("inferences")
                            .asInt())
                    .as(self)
                    .isEqualTo(INFERENCES - proposed.getOrDefault(self, 0));
        }
    }

    private void assertThatAnInferenceIsProvenByTheGenesisFileAlone() throws IOException, InterruptedException {
        Path file = directory.resolve("proof.json");
        Files.writeString(
                file,
                nodes.getFirst()
                        .call("inference_getProof", firstInference(), 0, 1, List.of(Map.of("output", 0)))
                        .toString());
        String genesis = "--genesis-file=" + directory.resolve("net/genesis.json");
        Engram.Result accepted = Engram.run("model", "verify-proof", file.toString(), genesis);
        assertThat(accepted.status()).as(accepted.output()).isZero();
        assertThat(accepted.output()).contains("ACCEPTED", "chunk       0 of output 0");
        Path other = directory.resolve("other");
        Engram.Result made = Engram.run("network", "create", "--dir=" + other, "--validators=" + VALIDATORS);
        assertThat(made.status()).as(made.output()).isZero();
        Engram.Result refused =
                Engram.run("model", "verify-proof", file.toString(), "--genesis-file=" + other.resolve("genesis.json"));
        assertThat(refused.status()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output()).contains("REFUSED", "OTHER_CHAIN");
    }

    private String firstInference() throws IOException, InterruptedException {
        for (long number = 1; number <= height(0); number++) {
            JsonNode receipts = nodes.getFirst().call("inference_getReceipts", hex(number));
            if (!receipts.isEmpty()) {
                return receipts.path(0).path("blockHash").asText();
            }
        }
        throw new AssertionError("no block holds an inference");
    }

    private static String hex(long number) {
        return "0x" + Long.toHexString(number);
    }

    private static void eventually(String what, Path log, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + ":\n" + Stacks.blocked(pids(log)) + Files.readString(log));
            }
            Thread.sleep(100);
        }
    }

    /** A node that is starting or killed does not answer: not yet. */
    private static boolean holds(Callable<Boolean> condition) throws Exception {
        try {
            return condition.call();
        } catch (IOException e) {
            return false;
        }
    }
}
