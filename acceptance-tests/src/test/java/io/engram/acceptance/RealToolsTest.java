package io.engram.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Stock viem, ethers, cast and forge drive a dev node: deploy the Solidity classifier, classify images. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealToolsTest {

    private static final Path TOOLS = Engram.ROOT.resolve("acceptance-tests/tools");
    private static final Path LIBRARIES = Engram.ROOT.resolve("genesis/contracts/src");
    private static final Path DEMO = Engram.ROOT.resolve("client/src/main/resources/io/engram/client/demo");
    private static final Path IMAGES = DEMO.resolve("fashion-mnist-100-images.idx.gz");
    private static final Path LABELS = DEMO.resolve("fashion-mnist-100-labels.idx");

    private Path directory = Path.of("");

    private Optional<Engram> running = Optional.empty();

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException, InterruptedException {
        directory = temporary;
        assumeTrue(
                succeeds("node", "--version") && succeeds("npm", "--version"),
                "Node.js and npm are needed to run viem, ethers, cast and forge");
        if (!Files.isDirectory(TOOLS.resolve("node_modules/viem"))
                || !Files.isDirectory(TOOLS.resolve("node_modules/@ethereumjs/devp2p"))) {
            Engram.Result install = Engram.finish(
                    new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                            .directory(TOOLS.toFile()),
                    Duration.ofMinutes(8));
            assumeTrue(install.status() == 0, "npm ci failed: " + install.output());
        }
        running = Optional.of(Engram.dev(directory.resolve("node.log")));
    }

    @AfterAll
    void stop() {
        running.ifPresent(Engram::close);
    }

    private Engram node() {
        return running.orElseThrow();
    }

    @Test
    void viemDeploysAndClassifiesAndSeesTypedFailures() throws IOException, InterruptedException {
        succeed(
                List.of("node", "viem.mjs"),
                "--rpc=" + node().url(),
                "--contracts=" + TOOLS.resolve("contracts"),
                "--libraries=" + LIBRARIES,
                "--images=" + IMAGES,
                "--labels=" + LABELS);
    }

    @Test
    void viemTestClientSteersTheNetwork() throws IOException, InterruptedException {
        try (Engram other = Engram.dev(directory.resolve("test-client-node.log"))) {
            succeed(List.of("node", "viem-test-client.mjs"), "--rpc=" + other.url());
        }
    }

    @Test
    void ethersDeploysAndClassifies() throws IOException, InterruptedException {
        succeed(
                List.of("node", "ethers.mjs"),
                "--rpc=" + node().url(),
                "--contracts=" + TOOLS.resolve("contracts"),
                "--libraries=" + LIBRARIES,
                "--images=" + IMAGES);
    }

    @Test
    void castAndForgeDeployAndClassify() throws IOException, InterruptedException {
        Path bin = TOOLS.resolve("node_modules/@foundry-rs");
        Path cast = bin.resolve("cast-linux-amd64/bin/cast");
        assumeTrue(Files.isExecutable(cast), "no cast binary for this platform");
        byte[] image = firstImage();
        for (int i = 0; i < image.length; i++) {
            image[i] ^= (byte) 0x80;
        }
        String input = "0x" + HexFormat.of().formatHex(image);
        succeed(
                List.of("bash", "cast.sh"),
                node().url(),
                cast.toString(),
                bin.resolve("forge-linux-amd64/bin/forge").toString(),
                TOOLS.resolve("contracts").toString(),
                LIBRARIES.toString(),
                input,
                Integer.toString(offlineLabel()));
    }

    /** The label of the first image, by the model run off chain. */
    private int offlineLabel() throws IOException, InterruptedException {
        JsonNode models = node().call("model_list");
        Path file = directory.resolve("first.pgm");
        byte[] image = firstImage();
        byte[] header = "P5\n28 28\n255\n".getBytes(StandardCharsets.US_ASCII);
        byte[] pgm = Arrays.copyOf(header, header.length + image.length);
        System.arraycopy(image, 0, pgm, header.length, image.length);
        Files.write(file, pgm);
        Engram.Result run =
                Engram.run("model", "run", DEMO.resolve("fashion-mnist.egm").toString(), file.toString());
        assertThat(run.status()).as(run.output()).isZero();
        assertThat(models).hasSize(1);
        Matcher label = Pattern.compile("label +(\\d+)").matcher(run.output());
        assertThat(label.find()).as(run.output()).isTrue();
        return Integer.parseInt(label.group(1));
    }

    private static byte[] firstImage() throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(IMAGES))) {
            in.skipNBytes(16);
            return in.readNBytes(28 * 28);
        }
    }

    private void succeed(List<String> command, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(arguments));
        Engram.Result result = Engram.finish(new ProcessBuilder(line).directory(TOOLS.toFile()), Duration.ofMinutes(4));
        assertThat(result.status())
                .as("%s%nnode:%n%s", result.output(), node().log())
                .isZero();
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return Engram.finish(new ProcessBuilder(command), Duration.ofSeconds(30))
                            .status()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
