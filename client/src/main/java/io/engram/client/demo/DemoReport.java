package io.engram.client.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the demo found.
 *
 * @param stepsEach steps of one inference of the model
 * @param tally what the chain says
 * @param validators what each of them says
 * @param lateJoiner a node that synced the chain from its beginning
 */
record DemoReport(
        Labels labels, int stepsEach, ChainTally tally, List<NodeOutcome> validators, NodeOutcome lateJoiner) {

    /**
     * The labels of all images.
     *
     * @param correct labels on chain that equal the data set's
     * @param offlineCorrect the same for the model run off chain
     * @param equalToOffline whether chain and off-line run agree image by image
     */
    record Labels(int images, int correct, int offlineCorrect, boolean equalToOffline) {}

    DemoReport {
        validators = List.copyOf(validators);
    }

    /** Everything that is not as it must be; empty when the demo passed. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!labels.equalToOffline()) {
            problems.add("labels on chain and off line differ");
        }
        if (tally.inferences() != labels.images()) {
            problems.add(tally.inferences() + " inferences in the chain for " + labels.images() + " images");
        }
        nodes().forEach(node -> {
            long expected = tally.inferencesOfOthers(node.address());
            if (!node.head().equals(tally.head())) {
                problems.add(node.name() + " has head " + node.head() + ", not " + tally.head());
            }
            if (node.verified().inferences() != expected) {
                problems.add(node.name() + " verified " + node.verified().inferences() + " inferences, " + expected
                        + " are in blocks of others");
            }
            if (node.verified().steps() != expected * stepsEach) {
                problems.add(
                        node.name() + " verified " + node.verified().steps() + " steps, not " + expected * stepsEach);
            }
        });
        return problems;
    }

    private Stream<NodeOutcome> nodes() {
        return Stream.concat(validators.stream(), Stream.of(lateJoiner));
    }

    void writeJson(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode()
                .put("images", labels.images())
                .put("correct", labels.correct())
                .put("offlineCorrect", labels.offlineCorrect())
                .put("equalToOffline", labels.equalToOffline())
                .put("blocks", tally.blocks())
                .put("inferences", tally.inferences())
                .put("steps", lateJoiner.verified().steps())
                .put("headHash", tally.head().toHex())
                .put("verifierHeadHash", lateJoiner.head().toHex());
        ObjectNode all = json.putObject("validators");
        validators.forEach(node -> all.set(node.address().toHex(), outcome(mapper, node)));
        json.set("lateJoiner", outcome(mapper, lateJoiner));
        mapper.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), json);
    }

    private ObjectNode outcome(ObjectMapper mapper, NodeOutcome node) {
        ObjectNode json = mapper.createObjectNode()
                .put("proposed", tally.proposedBy(node.address()))
                .put("verifiedInferences", node.verified().inferences())
                .put("verifiedSteps", node.verified().steps())
                .put("headHash", node.head().toHex())
                .put("backend", node.inference().backend());
        node.inference().fault().ifPresent(fault -> json.put("backendFault", fault));
        return json;
    }

    String table() {
        StringBuilder table = new StringBuilder()
                .append(row("images classified by transactions", labels.images()))
                .append(row("correct on chain", share(labels.correct())))
                .append(row("correct off line", share(labels.offlineCorrect())))
                .append(row("chain equals off line, image by image", labels.equalToOffline() ? "yes" : "NO"))
                .append(row("blocks", tally.blocks()))
                .append(String.format(
                        "%n  %-12s %-9s %8s  %-20s %7s  %s%n",
                        "node", "back end", "proposed", "re-verified", "steps", "hash of block " + tally.blocks()));
        validators.forEach(node -> table.append(row(node, tally.proposedBy(node.address()) + " blocks")));
        table.append(row(lateJoiner, "late"));
        nodes().forEach(node -> node.inference()
                .fault()
                .ifPresent(fault -> table.append(String.format("%n  %s: %s%n", node.name(), fault))));
        return table.toString();
    }

    private String row(NodeOutcome node, String proposed) {
        return String.format(
                "  %-12s %-9s %8s  %-20s %7d  %s%n",
                node.name(),
                node.inference().backend(),
                proposed,
                node.verified().inferences() + " of " + tally.inferencesOfOthers(node.address()),
                node.verified().steps(),
                node.head());
    }

    private String share(int count) {
        return count + " of " + labels.images();
    }

    private static String row(String name, Object value) {
        return String.format("  %-40s %s%n", name, value);
    }
}
