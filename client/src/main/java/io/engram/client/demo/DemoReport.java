package io.engram.client.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.genesis.Hash;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What the demo found.
 *
 * @param correct labels on chain that equal the data set's
 * @param offlineCorrect the same for the model run off chain
 * @param equalToOffline whether chain and off-line run agree image by image
 * @param inferences in the chain, each recomputed by the verifier
 * @param steps of those inferences, recomputed by the verifier
 */
record DemoReport(
        int images,
        int correct,
        int offlineCorrect,
        boolean equalToOffline,
        long blocks,
        long inferences,
        long steps,
        Hash headHash,
        Hash verifierHeadHash) {

    boolean passed() {
        return equalToOffline && headHash.equals(verifierHeadHash) && inferences == images;
    }

    void writeJson(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        json.writerWithDefaultPrettyPrinter()
                .writeValue(
                        file.toFile(),
                        json.createObjectNode()
                                .put("images", images)
                                .put("correct", correct)
                                .put("offlineCorrect", offlineCorrect)
                                .put("equalToOffline", equalToOffline)
                                .put("blocks", blocks)
                                .put("inferences", inferences)
                                .put("steps", steps)
                                .put("headHash", headHash.toHex())
                                .put("verifierHeadHash", verifierHeadHash.toHex()));
    }

    String table() {
        return row("images classified by transactions", images)
                + row("correct on chain", share(correct))
                + row("correct off line", share(offlineCorrect))
                + row("chain equals off line, image by image", equalToOffline ? "yes" : "NO")
                + row("blocks", blocks)
                + row("inferences recomputed by the verifier", inferences)
                + row("steps recomputed by the verifier", steps)
                + row("head of the chain", headHash)
                + row("head of the verifier", verifierHeadHash);
    }

    private String share(int count) {
        return count + " of " + images;
    }

    private static String row(String name, Object value) {
        return String.format("  %-40s %s%n", name, value);
    }
}
