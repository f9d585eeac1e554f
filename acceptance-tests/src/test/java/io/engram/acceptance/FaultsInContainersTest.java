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
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
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

    private static final int READY_MADE_BLOCKS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration TRAFFIC_INTERVAL = Duration.ofMillis(700);

    /** What a validator is given that gets a bit of the network's first step wrong. */
    private static final Map<String, String> CONSENT = Map.of("ENGRAM_TEST_INFERENCE_FAULT", "1");

    private static Optional<ContainerNetwork> running = Optional.empty();
    private static Optional<InferenceTraffic> calling = Optional.empty();

    @BeforeAll
    static void startNetwork(@TempDir Path folder) throws Exception {
        Optional<String> obstacle = ContainerNetwork.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        ContainerNetwork made = ContainerNetwork.start(folder.resolve("net"), model(), READY_MADE_BLOCKS);
        running = Optional.of(made);
        calling = Optional.of(InferenceTraffic.start(
                made.follower().rpc(), made.treasury(), made.chainId(), made.model(), TRAFFIC_INTERVAL));
    }

    @AfterAll
    static void stopNetwork() {
        calling.ifPresent(InferenceTraffic::close);
        running.ifPresent(ContainerNetwork::close);
    }

    private static byte[] model() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                FaultsInContainersTest.class.getResourceAsStream("/io/engram/client/demo/fashion-mnist.egm"))) {
            return in.readAllBytes();
        }
    }

    private static ContainerNetwork network() {
        return running.orElseThrow();
    }

    private static NodeContainer validator(int index) {
        return network().validators().get(index);
    }

    /** @return milliseconds that it took */
    private static long await(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError(what + " within " + limit + ":" + System.lineSeparator() + describe());
            }
            Thread.sleep(100);
        }
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static String describe() throws InterruptedException {
        StringBuilder text = new StringBuilder();
        for (NodeContainer node : network().nodes()) {
            text.append(node.name()).append(' ').append(node.key());
            try {
                text.append(" head ").append(node.head()).append(' ').append(node.status());
            } catch (IOException | IllegalStateException e) {
                text.append(' ').append(e);
            }
            text.append(System.lineSeparator());
        }
        return text.toString();
    }

    private static void say(String what, Object... values) {
        System.out.printf("containers: " + what + "%n", values);
    }

    private static long highest(List<NodeContainer> nodes) throws InterruptedException {
        long highest = 0;
        for (NodeContainer node : nodes) {
            highest = Math.max(highest, node.head().orElse(0L));
        }
        return highest;
    }

    private static boolean allReached(List<NodeContainer> nodes, long height) throws InterruptedException {
        for (NodeContainer node : nodes) {
            if (node.head().orElse(0L) < height) {
                return false;
            }
        }
        return true;
    }

    private static void awaitBlocks(List<NodeContainer> nodes, int more) throws Exception {
        long target = highest(nodes) + more;
        await(more + " more blocks", PATIENCE, () -> allReached(nodes, target));
    }

    /** All nodes have the same block at the height of the one that is least far. */
    private static void assertOneChain() throws IOException, InterruptedException {
        long common = Long.MAX_VALUE;
        for (NodeContainer node : network().nodes()) {
            common = Math.min(common, node.height());
        }
        Set<String> hashes = new HashSet<>();
        for (NodeContainer node : network().nodes()) {
            hashes.add(node.block(common).get("hash").asText());
        }
        assertThat(hashes).as("block %d", common).hasSize(1);
    }

    private static QbftExtraData extra(JsonNode block) throws Exception {
        return QbftExtraDataCodec.decode(
                Bytes.fromHexString(block.get("extraData").asText()));
    }

    private static Address proposer(JsonNode block) {
        return Address.fromHex(block.get("miner").asText());
    }

    private static List<NodeContainer> allBut(NodeContainer one) {
        List<NodeContainer> others = new ArrayList<>(network().nodes());
        others.remove(one);
        return others;
    }

    private static boolean proposed(NodeContainer validator, long from) throws IOException, InterruptedException {
        NodeContainer witness = network().follower();
        for (long number = from; number <= witness.height(); number++) {
            if (proposer(witness.block(number)).equals(validator.key())) {
                return true;
            }
        }
        return false;
    }

    private static void awaitPart(NodeContainer validator) throws Exception {
        long from = network().follower().height() + 1;
        await(validator.name() + " makes blocks", PATIENCE, () -> proposed(validator, from));
    }

    @Test
    @Order(1)
    void aValidatorWithAnEmptyDiskSyncsAThousandBlocksWithInferencesAndThenVotes() throws Exception {
        NodeContainer late = validator(3);
        awaitBlocks(allBut(late), 2);
        late.start(Map.of(), network().options());
        long synced = await("synced", PATIENCE, () -> late.head().orElse(0L) >= READY_MADE_BLOCKS);
        say("%d blocks with an inference each synced in %d ms", READY_MADE_BLOCKS, synced);
        long voting =
                await("it votes", PATIENCE, () -> late.status().path("signing").asBoolean());
        say("it signs after another %d ms", voting);
        awaitPart(late);
        assertOneChain();
        String thousandth = late.block(READY_MADE_BLOCKS).get("hash").asText();
        assertThat(network().follower().block(READY_MADE_BLOCKS).get("hash").asText())
                .isEqualTo(thousandth);
    }

    @Test
    @Order(2)
    void withOneOfFourKilledBlocksGoOnAndItRejoins() throws Exception {
        NodeContainer dead = validator(0);
        long before = network().follower().height();
        dead.kill();
        long longest = 0;
        long last = System.nanoTime();
        long seen = before;
        while (seen < before + 10) {
            long now = network().follower().height();
            if (now > seen) {
                longest = Math.max(
                        longest, Duration.ofNanos(System.nanoTime() - last).toMillis());
                last = System.nanoTime();
                seen = now;
            }
            if (System.nanoTime() - last > PATIENCE.toNanos()) {
                throw new AssertionError("no block for " + PATIENCE + ":" + System.lineSeparator() + describe());
            }
            for (NodeContainer alive : List.of(validator(1), validator(2), validator(3))) {
                assertThat(Long.decode(alive.status().get("roundTimeoutMillis").asText()))
                        .isLessThanOrEqualTo(ContainerNetwork.ROUND_CAP_SECONDS * 1_000L);
            }
            Thread.sleep(100);
        }
        say("one of four killed: 10 blocks, the longest wait %d ms", longest);
        // The dead one's turn costs a round; no height needs two.
        assertThat(longest).isLessThan(ContainerNetwork.ROUND_CAP_SECONDS * 1_000L);
        dead.startAgain();
        long back = await(
                "it rejoins",
                PATIENCE,
                () -> dead.height() >= network().follower().height() - 1);
        say("the killed one caught up in %d ms", back);
        awaitPart(dead);
        assertOneChain();
    }

    @Test
    @Order(3)
    void aFrozenValidatorCatchesUpWhenItThaws() throws Exception {
        NodeContainer frozen = validator(1);
        frozen.pause();
        awaitBlocks(allBut(frozen), 6);
        Thread.sleep(Duration.ofSeconds(10));
        frozen.resume();
        long back = await(
                "it follows",
                PATIENCE,
                () -> frozen.height() >= network().follower().height() - 1);
        say("the frozen one caught up in %d ms", back);
        awaitPart(frozen);
        assertOneChain();
    }

    @Test
    @Order(4)
    void allNodesRestartInTurnAndTheChainGoesOn() throws Exception {
        long before = network().follower().height();
        for (NodeContainer node : network().validators()) {
            node.stop();
            awaitBlocks(allBut(node), 1);
            node.startAgain();
            await(
                    node.name() + " is back",
                    PATIENCE,
                    () -> node.height() >= highest(allBut(node)) - 1
                            && node.status().path("signing").asBoolean());
        }
        long height = network().follower().height();
        say("rolling restart: %d blocks meanwhile", height - before);
        awaitBlocks(network().nodes(), 4);
        assertOneChain();
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
        Thread.sleep(Duration.ofSeconds(40));
        long after = highest(network().nodes());
        long dropped = 0;
        for (NodeContainer node : network().nodes()) {
            dropped += node.dropped();
            node.unfilter();
        }
        say("25 %% of packets lost for 40 s, %d in all: %d blocks", dropped, after - before);
        assertThat(dropped).isGreaterThan(100);
        assertThat(after).isGreaterThan(before + 3);
        await(
                "all are at the head",
                PATIENCE,
                () -> allReached(network().nodes(), highest(network().nodes()) - 1));
        awaitBlocks(network().nodes(), 3);
        assertOneChain();
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
        long height = highest(network().nodes());
        Thread.sleep(Duration.ofSeconds(57));
        assertThat(highest(network().nodes())).isEqualTo(height);
        long healing = System.nanoTime();
        for (NodeContainer node : network().nodes()) {
            node.unfilter();
        }
        Duration limit = Duration.ofSeconds(10);
        await("a block", limit, () -> highest(network().nodes()) > height);
        long healed = Duration.ofNanos(System.nanoTime() - healing).toMillis();
        assertThat(healed).isLessThan(limit.toMillis());
        say("after a cut of 60 s a block came %d ms after it healed", healed);
        await("all are at the head", PATIENCE, () -> allReached(network().nodes(), height + 2));
        assertOneChain();
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
        await(
                "it follows",
                PATIENCE,
                () -> faulty.height() >= network().follower().height() - 1
                        && faulty.status().path("signing").asBoolean());
        long from = network().follower().height() + 2;
        Set<String> notes = new HashSet<>();
        await("16 blocks", PATIENCE.multipliedBy(2), () -> {
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
                assertThat(proposer(block)).as("block %d", number).isNotEqualTo(faulty.key());
            }
            Address first = validators.proposer(proposer(network().follower().block(number - 1)), 0);
            if (first.equals(faulty.key()) && extra.round() > 0) {
                refused++;
            }
        }
        say("16 blocks, %d with inferences; %d proposals of the faulty validator refused", inferences, refused);
        assertThat(inferences).isGreaterThan(3);
        assertThat(refused).isPositive();
        assertThat(notes).anyMatch(note -> note.contains("inference root"));
        for (int honest : List.of(0, 1, 3)) {
            await("validator " + honest + " names the step", PATIENCE, () -> names(validator(honest), faulty));
        }
        await(
                "it follows",
                PATIENCE,
                () -> faulty.height() >= network().follower().height() - 1);
        assertOneChain();
    }

    @Test
    @Order(8)
    void aValidatorThatFindsItselfAtFaultGivesItsBackEndUpAndMakesBlocksAgain() throws Exception {
        NodeContainer faulty = validator(2);
        faulty.start(CONSENT, network().options("--Xinference-fault=0:3"));
        await(
                "it finds the fault",
                PATIENCE,
                () -> !faulty.status().path("inferenceFault").isNull());
        JsonNode status = faulty.rpc().call("inference_getStatus");
        say("found: %s", status.get("backendFault").asText());
        assertThat(status.get("backend").asText()).isEqualTo("reference");
        assertThat(status.get("backendFault").asText()).contains("faulty", "inference root");
        assertThat(faulty.log()).contains("THIS NODE COMPUTES WRONG INFERENCES", "is not trusted any more");
        awaitPart(faulty);
        assertOneChain();
    }
}
