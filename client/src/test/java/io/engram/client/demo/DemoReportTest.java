package io.engram.client.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.client.network.NodeClient;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoReportTest {

    private static final int STEPS = 8;
    private static final Hash HEAD = Hash.fromHex("0x" + "ab".repeat(32));
    private static final Address FIRST = new Address(0, 0, 1);
    private static final Address SECOND = new Address(0, 0, 2);
    private static final Address LATE = new Address(0, 0, 3);

    /** Seven inferences in five blocks: the first validator proposed three of them. */
    private static final ChainTally TALLY =
            new ChainTally(5, HEAD, Map.of(FIRST, new ChainTally.Share(2, 3), SECOND, new ChainTally.Share(3, 4)));

    @TempDir
    Path folder;

    private static NodeOutcome node(String name, Address address, long inferences, long steps, Hash head) {
        return new NodeOutcome(
                name,
                address,
                new NodeClient.Verified(inferences, steps),
                new NodeClient.Inference("reference", Optional.empty()),
                head);
    }

    private static NodeOutcome node(String name, Address address, long inferences) {
        return node(name, address, inferences, inferences * STEPS, HEAD);
    }

    private static DemoReport report(NodeOutcome second, NodeOutcome late) {
        return new DemoReport(
                new DemoReport.Labels(7, 6, 6, true), STEPS, TALLY, List.of(node("node-1", FIRST, 4), second), late);
    }

    private static DemoReport good() {
        return report(node("node-2", SECOND, 3), node("node-3", LATE, 7));
    }

    @Test
    void eachNodeHasToVerifyWhatOthersProposed() {
        assertThat(good().problems()).isEmpty();
        assertThat(report(node("node-2", SECOND, 4), node("node-3", LATE, 7)).problems())
                .hasSize(2)
                .allMatch(problem -> problem.startsWith("node-2 verified"));
        assertThat(report(node("node-2", SECOND, 3), node("node-3", LATE, 6)).problems())
                .contains("node-3 verified 6 inferences, 7 are in blocks of others");
        assertThat(report(node("node-2", SECOND, 3, 23, HEAD), node("node-3", LATE, 7))
                        .problems())
                .containsExactly("node-2 verified 23 steps, not 24");
        assertThat(report(node("node-2", SECOND, 3), node("node-3", LATE, 7, 56, Hash.ZERO))
                        .problems())
                .containsExactly("node-3 has head " + Hash.ZERO + ", not " + HEAD);
    }

    @Test
    void labelsAndImagesHaveToAgree() {
        DemoReport good = good();
        assertThat(new DemoReport(
                                new DemoReport.Labels(8, 6, 6, false),
                                STEPS,
                                TALLY,
                                good.validators(),
                                good.lateJoiner())
                        .problems())
                .containsExactly("labels on chain and off line differ", "7 inferences in the chain for 8 images");
    }

    @Test
    void aBackEndThatWasGivenUpIsReportedAndNoProblem() throws Exception {
        NodeOutcome faulty = new NodeOutcome(
                "node-2",
                SECOND,
                new NodeClient.Verified(3, 3 * STEPS),
                new NodeClient.Inference("native", Optional.of("the device is lost")),
                HEAD);
        DemoReport report = report(faulty, node("node-3", LATE, 7));
        assertThat(report.problems()).isEmpty();
        assertThat(report.table()).contains("node-2       native", "node-2: the device is lost");
        Path file = folder.resolve("report.json");
        report.writeJson(file);
        JsonNode validators = new ObjectMapper().readTree(file.toFile()).path("validators");
        assertThat(validators.path(SECOND.toHex()).path("backendFault").asText())
                .isEqualTo("the device is lost");
        assertThat(validators.path(FIRST.toHex()).has("backendFault")).isFalse();
    }

    @Test
    void theFileHasTheFigures() throws Exception {
        Path file = folder.resolve("report.json");
        good().writeJson(file);
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.path("images").asInt()).isEqualTo(7);
        assertThat(json.path("correct").asInt()).isEqualTo(6);
        assertThat(json.path("equalToOffline").asBoolean()).isTrue();
        assertThat(json.path("inferences").asInt()).isEqualTo(7);
        assertThat(json.path("steps").asInt()).isEqualTo(56);
        assertThat(json.path("headHash")).isEqualTo(json.path("verifierHeadHash"));
        assertThat(json.path("validators")).hasSize(2);
        JsonNode second = json.path("validators").path(SECOND.toHex());
        assertThat(second.path("proposed").asInt()).isEqualTo(3);
        assertThat(second.path("verifiedInferences").asInt()).isEqualTo(3);
        assertThat(second.path("verifiedSteps").asInt()).isEqualTo(24);
        assertThat(second.path("headHash").asText()).isEqualTo(HEAD.toHex());
    }
}
