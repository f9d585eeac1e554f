package io.engram.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.consensus.ValidatorSet;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What networks and machines do to four validators and a follower in containers, one thing after another on the same chain,
 * while inferences are called all the time.
 */
@Tag("containers")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsInContainersTest {

    private static final Path MODEL =
            Engram.ROOT.resolve("client/src/main/resources/io/engram/client/demo/fashion-mnist.egm");
    private static final int READY_MADE_BLOCKS = 1_000;
    private static final int HEAP_MEGABYTES = 384;
    private static final Duration TRAFFIC_INTERVAL = Duration.ofMillis(700);

    /** How long packets get lost. */
    private static final Duration LOSSY = Duration.ofSeconds(25);

    /** What a validator is given that gets a bit of the network's first step wrong. */
    private static final Map<String, String> CONSENT = Map.of("ENGRAM_TEST_INFERENCE_FAULT", "1");

    private static Optional<ContainerNetwork> running = Optional.empty();
    private static Optional<InferenceTraffic> calling = Optional.empty();

    @BeforeAll
    static void startNetwork(@TempDir Path folder) throws Exception {
        Optional<String> obstacle = ContainerNetwork.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        ContainerNetwork made = ContainerNetwork.start(
                folder.resolve("net"),
                MODEL,
                new ContainerNetwork.Setup(READY_MADE_BLOCKS, OptionalLong.empty(), HEAP_MEGABYTES));
        running = Optional.of(made);
        calling = Optional.of(InferenceTraffic.start(
                made.follower().rpc(), made.caller(), made.chainId(), made.model(), TRAFFIC_INTERVAL));
    }

    @AfterAll
    static void stopNetwork() {
        calling.ifPresent(InferenceTraffic::close);
        running.ifPresent(ContainerNetwork::close);
    }

    private static ContainerNetwork network() {
        return running.orElseThrow();
    }

    private static NodeContainer validator(int index) {
        return network().validators().get(index);
    }

    private static ContainerWatch watch() {
        return new ContainerWatch(network());
    }

    private static void say(String what, Object... values) {
        System.out.printf("containers: " + what + "%n", values);
    }

    private static QbftExtraData extra(JsonNode block) throws Exception {
        return QbftExtraDataCodec.decode(
                Bytes.fromHexString(block.get("extraData").asText()));
    }

    @Test
    @Order(1)
    void aValidatorWithAnEmptyDiskSyncsAThousandBlocksWithInferencesAndThenVotes() throws Exception {
        NodeContainer late = validator(3);
        watch().awaitBlocks(watch().allBut(late), 2);
        late.start(Map.of(), network().options());
        long synced = watch().await(
                        "synced", ContainerWatch.PATIENCE, () -> late.head().orElse(0L) >= READY_MADE_BLOCKS);
        say("%d blocks with an inference each synced in %d ms", READY_MADE_BLOCKS, synced);
        long voting = watch().await(
                        "it votes",
                        ContainerWatch.PATIENCE,
                        () -> late.status().path("signing").asBoolean());
        say("it signs after another %d ms", voting);
        watch().awaitPart(late);
        watch().assertOneChain();
        String thousandth = late.block(READY_MADE_BLOCKS).get("hash").asText();
        assertThat(network().follower().block(READY_MADE_BLOCKS).get("hash").asText())
                .isEqualTo(thousandth);
    }

    @Test
    @Order(2)
    void withOneOfFourKilledBlocksGoOnAndItRejoins() throws Exception {
        NodeContainer dead = validator(0);
        NodeContainer witness = validator(1);
        long before = witness.height();
        dead.kill();
        long last = System.nanoTime();
        long seen = before;
        while (seen < before + 10) {
            long now = witness.height();
            if (now > seen) {
                last = System.nanoTime();
                seen = now;
            }
            if (System.nanoTime() - last > ContainerWatch.PATIENCE.toNanos()) {
                throw new AssertionError(
                        "no block for " + ContainerWatch.PATIENCE + ":" + System.lineSeparator() + watch().describe());
            }
            for (NodeContainer alive : List.of(validator(1), validator(2), validator(3))) {
                assertThat(Long.decode(alive.status().get("roundTimeoutMillis").asText()))
                        .isLessThanOrEqualTo(ContainerNetwork.ROUND_CAP_SECONDS * 1_000L);
            }
            Thread.sleep(100);
        }
        // By the blocks themselves: who looks on may be late and see several at once.
        long longest = 0;
        for (long number = before + 1; number <= seen; number++) {
            longest = Math.max(longest, timestamp(witness, number) - timestamp(witness, number - 1));
        }
        say("one of four killed: %d blocks, the longest time between two %d s", seen - before, longest);
        // The dead one's turn costs a round; no height needs two.
        assertThat(longest).isLessThan(ContainerNetwork.ROUND_CAP_SECONDS);
        dead.startAgain();
        long back = watch().await(
                        "it rejoins",
                        ContainerWatch.PATIENCE,
                        () -> dead.height() >= network().follower().height() - 1);
        say("the killed one caught up in %d ms", back);
        watch().awaitPart(dead);
        watch().assertOneChain();
    }

    private static long timestamp(NodeContainer node, long number) throws IOException, InterruptedException {
        return Long.decode(node.block(number).get("timestamp").asText());
    }

    @Test
    @Order(3)
    void aFrozenValidatorCatchesUpWhenItThaws() throws Exception {
        NodeContainer frozen = validator(1);
        frozen.pause();
        watch().awaitBlocks(watch().allBut(frozen), 6);
        Thread.sleep(Duration.ofSeconds(10));
        frozen.resume();
        long back = watch().await(
                        "it follows",
                        ContainerWatch.PATIENCE,
                        () -> frozen.height() >= network().follower().height() - 1);
        say("the frozen one caught up in %d ms", back);
        watch().awaitPart(frozen);
        watch().assertOneChain();
    }

    @Test
    @Order(4)
    void allNodesRestartInTurnAndTheChainGoesOn() throws Exception {
        long before = network().follower().height();
        for (NodeContainer node : network().validators()) {
            node.stop();
            watch().awaitBlocks(watch().allBut(node), 1);
            node.startAgain();
            watch().await(
                            node.name() + " is back",
                            ContainerWatch.PATIENCE,
                            () -> node.height() >= watch().highest(watch().allBut(node)) - 1
                                    && node.status().path("signing").asBoolean());
        }
        long height = network().follower().height();
        say("rolling restart: %d blocks meanwhile", height - before);
        watch().awaitBlocks(network().nodes(), 4);
        watch().assertOneChain();
    }

    @Test
    @Order(5)
    void aQuarterOfAllPacketsLostSlowsTheChainAndDoesNotSplitIt() throws Exception {
        long before = network().follower().height();
        for (NodeContainer node : network().nodes()) {
            node.filter(
                    "-s",
                    ContainerNetwork.NODES,
                    "-m",
                    "statistic",
                    "--mode",
                    "random",
                    "--probability",
                    "0.25",
                    "-j",
                    "DROP");
        }
        Thread.sleep(LOSSY);
        long after = watch().highest(network().nodes());
        long dropped = 0;
        for (NodeContainer node : network().nodes()) {
            dropped += node.dropped();
            node.unfilter();
        }
        say("25 %% of packets lost for %s, %d in all: %d blocks", LOSSY, dropped, after - before);
        assertThat(dropped).isGreaterThan(100);
        assertThat(after).isGreaterThan(before + 3);
        watch().await(
                        "all are at the head",
                        ContainerWatch.PATIENCE,
                        () -> watch().allReached(
                                        network().nodes(),
                                        watch().highest(network().nodes()) - 1));
        watch().awaitBlocks(network().nodes(), 3);
        watch().assertOneChain();
    }

    @Test
    @Order(6)
    void twoHalvesMakeNoBlockAndTenSecondsAfterTheyMeetThereIsOne() throws Exception {
        List<NodeContainer> left = List.of(validator(0), validator(2));
        List<NodeContainer> right =
                List.of(validator(1), validator(3), network().follower());
        for (NodeContainer one : left) {
            for (NodeContainer other : right) {
                one.filter("-s", other.ip(), "-j", "DROP");
                other.filter("-s", one.ip(), "-j", "DROP");
            }
        }
        // What was decided when the cut came may still arrive within its half.
        Thread.sleep(Duration.ofSeconds(3));
        long height = watch().highest(network().nodes());
        Thread.sleep(Duration.ofSeconds(57));
        assertThat(watch().highest(network().nodes())).isEqualTo(height);
        long healing = System.nanoTime();
        for (NodeContainer node : network().nodes()) {
            node.unfilter();
        }
        Duration limit = Duration.ofSeconds(10);
        watch().await("a block", limit, () -> watch().highest(network().nodes()) > height);
        long healed = Duration.ofNanos(System.nanoTime() - healing).toMillis();
        assertThat(healed).isLessThan(limit.toMillis());
        say("after a cut of 60 s a block came %d ms after it healed", healed);
        watch().await(
                        "all are at the head",
                        ContainerWatch.PATIENCE,
                        () -> watch().allReached(network().nodes(), height + 2));
        watch().assertOneChain();
    }

    /** Whether the validator reports that the faulty one gets step 0 of the model wrong. */
    private static boolean names(NodeContainer validator, NodeContainer faulty)
            throws IOException, InterruptedException {
        for (JsonNode found : validator.rpc().call("inference_getDivergences")) {
            JsonNode place = found.path("place");
            if (found.path("verdict").asText().equals("proposer")
                    && found.path("proposer").asText().equals(faulty.key().toHex())
                    && place.path("step").asText().equals("0x0")
                    && place.path("modelId")
                            .asText()
                            .equals(network().model().id().toHex())) {
                return true;
            }
        }
        return false;
    }

    @Test
    @Order(7)
    void proposalsOfAValidatorWithAFaultyBackEndAreRefusedAndTheChainGoesOn() throws Exception {
        NodeContainer faulty = validator(2);
        faulty.start(CONSENT, network().options("--Xinference-fault=0:3:lasting"));
        watch().await(
                        "it follows",
                        ContainerWatch.PATIENCE,
                        () -> faulty.height() >= network().follower().height() - 1
                                && faulty.status().path("signing").asBoolean());
        long from = network().follower().height() + 2;
        Set<String> notes = new HashSet<>();
        watch().await("16 blocks", ContainerWatch.PATIENCE.multipliedBy(2), () -> {
            notes.add(validator(0).status().path("note").asText());
            return network().follower().height() >= from + 15;
        });
        ValidatorSet validators = new ValidatorSet(
                network().validators().stream().map(NodeContainer::key).toList());
        int inferences = 0;
        int refused = 0;
        for (long number = from; number < from + 16; number++) {
            JsonNode block = network().follower().block(number);
            QbftExtraData extra = extra(block);
            boolean called = !extra.vanity().equals(Hash.ZERO);
            inferences += called ? 1 : 0;
            if (called) {
                assertThat(ContainerWatch.proposer(block))
                        .as("block %d", number)
                        .isNotEqualTo(faulty.key());
            }
            Address first = validators.proposer(
                    ContainerWatch.proposer(network().follower().block(number - 1)), 0);
            if (first.equals(faulty.key()) && extra.round() > 0) {
                refused++;
            }
        }
        say("16 blocks, %d with inferences; %d proposals of the faulty validator refused", inferences, refused);
        assertThat(inferences).isGreaterThan(3);
        assertThat(refused).isPositive();
        assertThat(notes).anyMatch(note -> note.contains("inference root"));
        for (int honest : List.of(0, 1, 3)) {
            watch().await(
                            "validator " + honest + " names the step",
                            ContainerWatch.PATIENCE,
                            () -> names(validator(honest), faulty));
        }
        watch().await(
                        "it follows",
                        ContainerWatch.PATIENCE,
                        () -> faulty.height() >= network().follower().height() - 1);
        watch().assertOneChain();
    }

    @Test
    @Order(8)
    void aValidatorThatFindsItselfAtFaultGivesItsBackEndUpAndMakesBlocksAgain() throws Exception {
        NodeContainer faulty = validator(2);
        faulty.start(CONSENT, network().options("--Xinference-fault=0:3"));
        watch().await(
                        "it finds the fault",
                        ContainerWatch.PATIENCE,
                        () -> !faulty.status().path("inferenceFault").isNull());
        JsonNode status = faulty.rpc().call("inference_getStatus");
        say("found: %s", status.get("backendFault").asText());
        assertThat(status.get("backend").asText()).isEqualTo("reference");
        assertThat(status.get("backendFault").asText()).contains("faulty", "inference root");
        assertThat(faulty.log()).contains("THIS NODE COMPUTES WRONG INFERENCES", "is not trusted any more");
        watch().awaitPart(faulty);
        watch().assertOneChain();
    }
}
