package io.engram.acceptance;

import static io.engram.acceptance.ContainerWatch.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.bench.SeededModel;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A large model on its way between four validators and a follower in containers, one thing after another on the same chain,
 * while a small one is called all the time.
 */
@Tag("containers")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ModelsInContainersTest {

    private static final Path SMALL =
            Engram.ROOT.resolve("client/src/main/resources/io/engram/client/demo/fashion-mnist.egm");
    private static final int LARGE_BYTES = 100_000_000;
    private static final InferenceConfig.Limits LIMITS = withModelBytes(InferenceConfig.Limits.DEFAULT, 128L << 20);
    private static final int HEAP_MEGABYTES = 768;
    private static final Duration TRAFFIC_INTERVAL = Duration.ofMillis(700);

    /** A validator is killed when it has as many of the 6,100 chunks. */
    private static final int SOME_CHUNKS = 300;

    private static Optional<ContainerNetwork> running = Optional.empty();
    private static Optional<InferenceTraffic> calling = Optional.empty();
    private static Optional<Path> largeFile = Optional.empty();
    private static Optional<Model> largeModel = Optional.empty();

    private static InferenceConfig.Limits withModelBytes(InferenceConfig.Limits limits, long bytes) {
        return new InferenceConfig.Limits(
                bytes,
                limits.maxPeakMemoryBytes(),
                limits.maxSteps(),
                limits.maxMacs(),
                limits.maxDepthwiseMacs(),
                limits.maxElements(),
                limits.maxHashedBytes(),
                limits.maxIoBytes(),
                limits.maxBatch());
    }

    @BeforeAll
    static void startNetwork(@TempDir Path folder) throws Exception {
        Optional<String> obstacle = ContainerNetwork.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        ContainerNetwork made = ContainerNetwork.start(
                folder.resolve("net"),
                SMALL,
                new ContainerNetwork.Setup(0, OptionalLong.of(LIMITS.maxModelBytes()), HEAP_MEGABYTES));
        running = Optional.of(made);
        byte[] file = SeededModel.ofBytes(LARGE_BYTES, made.treasury().address(), 1);
        largeModel = Optional.of(Model.load(file, LIMITS));
        largeFile = Optional.of(Files.write(folder.resolve("large.egm"), file));
        calling = Optional.of(InferenceTraffic.start(
                validator(0).rpc(), made.caller(), made.chainId(), made.model(), TRAFFIC_INTERVAL));
    }

    @AfterAll
    static void stopNetwork() {
        calling.ifPresent(InferenceTraffic::close);
        running.ifPresent(ContainerNetwork::close);
    }

    private static ContainerNetwork network() {
        return running.orElseThrow();
    }

    private static ContainerWatch watch() {
        return new ContainerWatch(network());
    }

    private static NodeContainer validator(int index) {
        return network().validators().get(index);
    }

    private static Hash large() {
        return largeModel.orElseThrow().id();
    }

    private static void say(String what, Object... values) {
        System.out.printf("containers: " + what + "%n", values);
    }

    private static boolean holdsLarge(NodeContainer node) throws IOException, InterruptedException {
        return node.rpc().call("model_get", large().toHex()).path("held").asBoolean();
    }

    private static void awaitLarge(NodeContainer node) throws Exception {
        long millis = watch().await(node.name() + " has the model", PATIENCE, () -> holdsLarge(node));
        say("%s has the large model after %d ms", node.name(), millis);
    }

    /** Chunks of the large model that the node has written beside the map of them. */
    private static int arrived(NodeContainer node) throws IOException {
        try {
            byte[] map = Files.readAllBytes(node.models().resolve(large().toHex() + ".map"));
            return BitSet.valueOf(Arrays.copyOfRange(map, Math.min(Long.BYTES, map.length), map.length))
                    .cardinality();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Sends a call of the large model. */
    private static String callLarge(long seed) throws IOException, InterruptedException {
        JsonRpc rpc = validator(0).rpc();
        String sender = network().treasury().address().toHex();
        long nonce = Long.decode(
                rpc.call("eth_getTransactionCount", sender, "pending").asText());
        return rpc.call(
                        "eth_sendRawTransaction",
                        Inferences.transaction(
                                        largeModel.orElseThrow(),
                                        seed,
                                        network().chainId(),
                                        nonce,
                                        network().treasury())
                                .toHexString())
                .asText();
    }

    /** Every validator has executed the transaction in the same block, and it went well. */
    private static void awaitSuccessEverywhere(String transaction) throws Exception {
        Set<String> blocks = new HashSet<>();
        for (NodeContainer validator : network().validators()) {
            watch().await(
                            validator.name() + " has the call in a block",
                            PATIENCE,
                            () -> !validator
                                    .rpc()
                                    .call("eth_getTransactionReceipt", transaction)
                                    .isNull());
            JsonNode receipt = validator.rpc().call("eth_getTransactionReceipt", transaction);
            assertThat(receipt.get("status").asText()).isEqualTo("0x1");
            blocks.add(receipt.get("blockHash").asText());
        }
        assertThat(blocks).hasSize(1);
    }

    private static void awaitSigning(NodeContainer validator) throws Exception {
        watch().await(
                        validator.name() + " signs",
                        PATIENCE,
                        () -> validator.height() >= watch().highest(network().validators()) - 1
                                && validator.status().path("signing").asBoolean());
    }

    @Test
    @Order(1)
    void aValidatorKilledInTheMiddleOfADownloadGoesOnWithWhatItHad() throws Exception {
        NodeContainer killed = validator(3);
        int had;
        try (ExecutorService user = Executors.newVirtualThreadPerTaskExecutor()) {
            long begun = System.nanoTime();
            Future<String> publication = user.submit(() -> network().publish(largeFile.orElseThrow()));
            while (arrived(killed) < SOME_CHUNKS) {
                assertThat(System.nanoTime() - begun).as("chunks come").isLessThan(PATIENCE.toNanos());
                Thread.sleep(10);
            }
            killed.kill();
            had = arrived(killed);
            String said = publication.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            say(
                    "published in %d ms",
                    Duration.ofNanos(System.nanoTime() - begun).toMillis());
            assertThat(said).contains("signatures in", "chunks out", "active");
        }
        // The publisher leaves at once: who lacks the model gets it from the others.
        network().follower().stop();
        int chunks = (LARGE_BYTES - 1) / Commitments.MODEL_CHUNK;
        assertThat(had).isBetween(SOME_CHUNKS, chunks - 1);
        killed.startAgain();
        awaitLarge(killed);
        Matcher found = Pattern.compile("Model " + large() + ": (\\d+) of (\\d+) chunks are here")
                .matcher(killed.log());
        int resumed = 0;
        while (found.find()) {
            resumed = Integer.parseInt(found.group(1));
        }
        say("killed with %d of %d chunks, went on with %d", had, chunks, resumed);
        assertThat(resumed).isGreaterThanOrEqualTo(had);
    }

    @Test
    @Order(2)
    void theModelOfAPublisherThatHasLeftIsCallableEverywhere() throws Exception {
        for (NodeContainer validator : network().validators()) {
            awaitLarge(validator);
        }
        awaitSuccessEverywhere(callLarge(1));
        awaitSigning(validator(3));
        watch().awaitPart(validator(3));
        watch().assertOneChain(network().validators());
    }

    @Test
    @Order(3)
    void filesThatVanishUnderARunningValidatorComeBack() throws Exception {
        NodeContainer wiped = validator(2);
        delete(wiped.models());
        long millis = watch().await(
                        "both files are back",
                        PATIENCE,
                        () -> holdsLarge(wiped)
                                && Files.exists(wiped.models()
                                        .resolve(network().model().id().toHex() + ".egm")));
        say("the folder was full again after %d ms", millis);
        awaitSuccessEverywhere(callLarge(2));
        watch().awaitPart(wiped);
        watch().assertOneChain(network().validators());
    }

    @Test
    @Order(4)
    void aValidatorWithoutItsModelsAbstainsAndVotesAgainWhenItHasThem() throws Exception {
        NodeContainer wiped = validator(3);
        // It has loaded nothing yet, so that nothing helps it over the loss.
        wiped.kill();
        wiped.startAgain();
        awaitSigning(wiped);
        delete(wiped.models());
        // As long as a file stands in the folder's place no model can come.
        Files.writeString(wiped.models(), "");
        String transaction = callLarge(3);
        // Which model a block calls first, and whether this node looks before the others have decided, are the clock's
        // choice.
        Pattern abstains = Pattern.compile(
                "(takes no part in|is decided and cannot be added:) [^\n]*model (%s|%s) is not on this node"
                        .formatted(large(), network().model().id()));
        watch().await(
                        "it abstains",
                        PATIENCE,
                        () -> abstains.matcher(wiped.log()).find());
        watch().awaitBlocks(network().validators().subList(0, 3), 3);
        assertThat(wiped.height()).isLessThan(watch().highest(network().validators()));
        Files.delete(wiped.models());
        awaitLarge(wiped);
        awaitSuccessEverywhere(transaction);
        awaitSigning(wiped);
        watch().awaitPart(wiped);
        watch().assertOneChain(network().validators());
    }

    @Test
    @Order(5)
    void noCallHasFailed() throws Exception {
        calling.orElseThrow().close();
        network().follower().startAgain();
        long height = validator(0).height();
        int calls = 0;
        for (long number = 1; number <= height; number++) {
            for (JsonNode receipt : validator(0).rpc().call("eth_getBlockReceipts", "0x" + Long.toHexString(number))) {
                assertThat(receipt.get("status").asText())
                        .as("block %d", number)
                        .isEqualTo("0x1");
                calls++;
            }
        }
        say("%d transactions in %d blocks, all went well", calls, height);
        assertThat(calls).isGreaterThan(20);
        watch().await(
                        "the publisher is back",
                        PATIENCE,
                        () -> watch().allReached(network().nodes(), height)
                                && holdsLarge(network().follower()));
        watch().assertOneChain();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.delete(folder);
    }
}
