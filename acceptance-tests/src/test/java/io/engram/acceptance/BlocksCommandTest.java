package io.engram.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code blocks export} and {@code blocks import} between two data paths, as an operator uses them. */
class BlocksCommandTest {

    private static final String FROM = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

    /** The gateway's {@code infer(bytes32,bytes)}. */
    private static final String INFER = "0x54616cd8";

    private static final String GATEWAY = "0x00000000000000000000000000000000000a1000";
    private static final int INPUT_BYTES = 784;

    @TempDir
    Path directory;

    @Test
    void aChainWithInferencesIsImportedAndATamperedOneIsRefusedAtTheTamperedBlock()
            throws IOException, InterruptedException {
        Path source = directory.resolve("source");
        String headHash;
        long head;
        try (Engram node = Engram.dev(directory.resolve("dev.log"), "--data-path=" + source)) {
            String model = node.call("model_list").get(0).get("modelId").asText();
            String call = INFER + model.substring(2) + word(64) + word(INPUT_BYTES) + "80".repeat(INPUT_BYTES + 16);
            node.call("eth_sendTransaction", Map.of("from", FROM, "to", GATEWAY, "data", call, "gas", "0x30000"));
            node.call("eth_sendTransaction", Map.of("from", FROM, "to", FROM, "value", "0x1"));
            JsonNode block = node.call("eth_getBlockByNumber", "latest", false);
            headHash = block.get("hash").asText();
            head = node.blockNumber();
        }
        Path chain = directory.resolve("chain.rlp");
        succeed("blocks", "--data-path=" + source, "export", chain.toString());

        Path copy = withModels(source, "copy");
        succeed("blocks", "--data-path=" + copy, "import", chain.toString());
        try (Engram node = Engram.dev(directory.resolve("copy.log"), "--data-path=" + copy)) {
            assertThat(node.call("eth_getBlockByNumber", "0x" + Long.toHexString(head), false)
                            .get("hash")
                            .asText())
                    .isEqualTo(headHash);
        }

        byte[] bytes = Files.readAllBytes(chain);
        bytes[bytes.length - 40] ^= 0x01;
        Path tampered = Files.write(directory.resolve("tampered.rlp"), bytes);
        Engram.Result refused =
                Engram.run("blocks", "--data-path=" + withModels(source, "refusing"), "import", tampered.toString());
        assertThat(refused.status()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output()).contains("block " + head);
    }

    @Test
    void aNodeWithoutTheModelStopsWithAMessageAndDoesNotCallTheBlockInvalid() throws IOException, InterruptedException {
        Path source = directory.resolve("source");
        try (Engram node = Engram.dev(directory.resolve("dev.log"), "--data-path=" + source)) {
            String model = node.call("model_list").get(0).get("modelId").asText();
            String call = INFER + model.substring(2) + word(64) + word(INPUT_BYTES) + "80".repeat(INPUT_BYTES + 16);
            node.call("eth_sendTransaction", Map.of("from", FROM, "to", GATEWAY, "data", call, "gas", "0x30000"));
        }
        Path chain = directory.resolve("chain.rlp");
        succeed("blocks", "--data-path=" + source, "export", chain.toString());

        Engram.Result stopped =
                Engram.run("blocks", "--data-path=" + directory.resolve("bare"), "import", chain.toString());
        assertThat(stopped.status()).as(stopped.output()).isNotZero();
        assertThat(stopped.output()).containsIgnoringCase("model").doesNotContainIgnoringCase("invalid");
    }

    /** A new data path that holds the source's model files. */
    private Path withModels(Path source, String name) throws IOException {
        Path target = directory.resolve(name);
        Path models = Files.createDirectories(target.resolve("models"));
        try (var files = Files.list(source.resolve("models"))) {
            for (Path file : files.toList()) {
                Files.copy(file, models.resolve(file.getFileName()));
            }
        }
        return target;
    }

    private static void succeed(String... arguments) throws IOException, InterruptedException {
        Engram.Result result = Engram.run(arguments);
        assertThat(result.status()).as(result.output()).isZero();
    }

    private static String word(long value) {
        return String.format("%064x", value);
    }
}
