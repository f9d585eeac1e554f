package io.engram.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an ONNX file to a call on chain, with the commands that the documentation names. */
class ModelCommandTest {

    private static final Path NETWORK = Engram.ROOT.resolve("inference-opcodes/src/test/resources");
    private static final String AUTHOR = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

    /** Key of the first development account. */
    private static final String KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    /** Key of the second, the author. */
    private static final String AUTHOR_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

    @TempDir
    Path directory;

    @Test
    void anOnnxNetworkIsImportedPublishedAndCalled() throws IOException, InterruptedException {
        Path model = directory.resolve("net.egm");
        Path key = Files.writeString(directory.resolve("key"), KEY);
        String network = NETWORK.resolve("fashion-mnist.onnx").toString();
        String calibration = "--calibration=" + NETWORK.resolve("fashion-mnist-calibration.idx.gz");
        String imported =
                succeed("model", "import", network, calibration, "--author=" + AUTHOR, "--threads=1", "--out=" + model);
        Matcher id = Pattern.compile("Model (0x[0-9a-f]{64})").matcher(imported);
        assertThat(id.find()).as(imported).isTrue();
        assertThat(succeed("model", "inspect", model.toString()))
                .contains(id.group(1), "conv2d", "max_pool", "dense", "gas");
        assertThat(succeed("model", "verify", model.toString(), "--from=" + network, calibration, "--threads=3"))
                .contains("rebuilt  " + id.group(1), "The same model");

        try (Engram node = Engram.dev(directory.resolve("dev.log"), "--no-sample-model")) {
            String published = succeed("model", "publish", model.toString(), "--rpc=" + node.url(), "--key=" + key);
            assertThat(published).contains("active");
            assertThat(succeed("model", "list", "--rpc=" + node.url())).contains(id.group(1), "active", AUTHOR);

            String word = id.group(1).substring(2);
            String call =
                    "0x54616cd8" + word + String.format("%064x", 64) + String.format("%064x", 784) + "80".repeat(800);
            JsonNode output = node.call(
                    "eth_call", Map.of("to", "0x00000000000000000000000000000000000a1000", "data", call), "latest");
            assertThat(output.asText()).startsWith("0x" + String.format("%064x", 32) + String.format("%064x", 10));

            Engram.Result stranger = Engram.run("model", "retire", id.group(1), "--rpc=" + node.url(), "--key=" + key);
            assertThat(stranger.status()).isEqualTo(1);
            assertThat(stranger.output()).contains("only the model's author may do this");
            Path author = Files.writeString(directory.resolve("author"), AUTHOR_KEY);
            assertThat(succeed("model", "retire", id.group(1), "--rpc=" + node.url(), "--key=" + author))
                    .contains("active until block ", id.group(1));
        }
    }

    @Test
    void oneFlippedBitMakesEveryReaderRefuseTheFile() throws IOException, InterruptedException {
        byte[] file = Files.readAllBytes(
                Engram.ROOT.resolve("client/src/main/resources/io/engram/client/demo/fashion-mnist.egm"));
        file[file.length / 2] ^= 0x10;
        Path damaged = Files.write(directory.resolve("damaged.egm"), file);

        Engram.Result inspected = Engram.run("model", "inspect", damaged.toString());
        assertThat(inspected.status()).as(inspected.output()).isEqualTo(1);
        assertThat(inspected.output()).contains("damaged");
    }

    private static String succeed(String... arguments) throws IOException, InterruptedException {
        Engram.Result result = Engram.run(arguments);
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }
}
