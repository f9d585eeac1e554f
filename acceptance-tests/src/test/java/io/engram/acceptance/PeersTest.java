package io.engram.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes in processes of their own that meet over devp2p, and a foreign client that meets one. */
class PeersTest {

    private static final Path TOOLS = Engram.ROOT.resolve("acceptance-tests/tools");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** The first of the well-known development accounts. */
    private static final String VALIDATOR_KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    private static final String VALIDATOR = "f39fd6e51aad88f6f4ce6ab8827279cfffb92266";

    private static final String GENESIS = """
            {
              "config": {
                "chainId": 4711, "berlinBlock": 0, "londonBlock": 0, "shanghaiTime": 0, "cancunTime": 0,
                "qbft": {"blockperiodseconds": 1, "epochlength": 30000, "requesttimeoutseconds": 4}
              },
              "nonce": "0x0", "timestamp": "0x0", "gasLimit": "0x1c9c380", "difficulty": "0x1",
              "mixHash": "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365",
              "coinbase": "0x0000000000000000000000000000000000000000",
              "extraData": "0xf83aa0%sd594%sc080c0",
              "alloc": {"%s": {"balance": "0xde0b6b3a7640000"}}
            }
            """.formatted("00".repeat(32), VALIDATOR, VALIDATOR);

    @TempDir
    Path directory;

    private Engram node(String name, String... options) throws IOException, InterruptedException {
        Path genesis = Files.writeString(directory.resolve("genesis.json"), GENESIS);
        String[] all = new String[options.length + 5];
        all[0] = "--genesis-file=" + genesis;
        all[1] = "--data-path=" + directory.resolve(name);
        all[2] = "--p2p-enabled";
        all[3] = "--p2p-interface=127.0.0.1";
        all[4] = "--p2p-port=0";
        System.arraycopy(options, 0, all, 5, options.length);
        return Engram.node(directory.resolve(name + ".log"), all);
    }

    private Engram validator() throws IOException, InterruptedException {
        Path key = Files.writeString(directory.resolve("validator.key"), VALIDATOR_KEY);
        return node("validator", "--node-private-key-file=" + key);
    }

    private static String enode(Engram node) throws IOException, InterruptedException {
        return node.call("admin_nodeInfo").get("enode").asText();
    }

    private static void eventually(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(100);
        }
    }

    private static String hashAt(Engram node, long number) throws IOException, InterruptedException {
        return node.call("eth_getBlockByNumber", "0x" + Long.toHexString(number), false)
                .path("hash")
                .asText();
    }

    @Test
    void aFollowerSyncsFollowsAndGoesOnAfterAKill() throws Exception {
        try (Engram validator = validator()) {
            eventually("blocks", () -> validator.blockNumber() >= 5);
            try (Engram follower = node("follower", "--bootnodes=" + enode(validator))) {
                eventually("synced", () -> follower.blockNumber() >= validator.blockNumber() - 1);
                long height = follower.blockNumber();
                assertThat(hashAt(follower, height)).isEqualTo(hashAt(validator, height));
                assertThat(follower.call("net_peerCount").asText()).isEqualTo("0x1");
                assertThat(follower.call("admin_peers").get(0).get("enode").asText())
                        .isEqualTo(enode(validator));
                eventually("followed", () -> follower.blockNumber() >= height + 3);
                follower.kill();
            }
            eventually("blocks", () -> validator.blockNumber() >= 15);
            try (Engram follower = node("follower")) {
                assertThat(follower.blockNumber()).isGreaterThanOrEqualTo(5);
                assertThat(follower.call("net_peerCount").asText()).isEqualTo("0x0");
                assertThat(follower.call("admin_addPeer", enode(validator)).asBoolean())
                        .isTrue();
                eventually("caught up", () -> follower.blockNumber() >= validator.blockNumber() - 1);
            }
        }
    }

    @Test
    void aStrangersClientSpeaksWithANode() throws Exception {
        assumeTrue(
                Files.isDirectory(TOOLS.resolve("node_modules/@ethereumjs/devp2p")) || installed(),
                "Node.js, npm and the package @ethereumjs/devp2p are needed");
        try (Engram validator = validator()) {
            eventually("blocks", () -> validator.blockNumber() >= 4);
            Engram.Result result = Engram.finish(
                    new ProcessBuilder("node", "devp2p.mjs", "--rpc=" + validator.url()).directory(TOOLS.toFile()),
                    Duration.ofMinutes(2));
            assertThat(result.status())
                    .as("%s%nnode:%n%s", result.output(), validator.log())
                    .isZero();
        }
    }

    private static boolean installed() throws InterruptedException {
        try {
            return Engram.finish(
                                    new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                                            .directory(TOOLS.toFile()),
                                    Duration.ofMinutes(8))
                            .status()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
