package io.engram.client.demo;

import io.engram.client.dev.DevNode;
import io.engram.client.dev.DevOptions;
import io.engram.client.dev.Directories;
import io.engram.client.dev.SampleModel;
import io.engram.client.node.InferenceSettings;
import io.engram.client.rpc.RpcClient;
import io.engram.client.rpc.RpcServerOptions;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * The whole path in one run: a chain starts, a model is published on it, a Solidity contract classifies images by
 * transactions, and a second node recomputes all of it from the exported blocks.
 */
public final class Demo {

    private static final long GAS_CAP = 100_000_000;
    private static final int LOGS_RANGE = 5_000;
    private static final int PROGRESS_EVERY = 10;

    private final PrintWriter out;
    private final Backend backend;

    /** @param backend what computes on the first node; the second one has the reference */
    public Demo(PrintWriter out, Backend backend) {
        this.out = out;
        this.backend = backend;
    }

    /** How many images there are to classify. */
    public static int available() throws IOException {
        return DemoImages.load().count();
    }

    /**
     * Runs the demo.
     *
     * @param images how many of the shipped images are classified
     * @param json where to write the figures as JSON
     * @return whether everything agreed
     * @throws IOException when a step fails, with the reason
     */
    public boolean run(int images, Optional<Path> json) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("engram-demo-");
        try {
            DemoReport report = run(images, work);
            out.println();
            out.print(report.table());
            out.flush();
            if (json.isPresent()) {
                report.writeJson(json.get());
            }
            return report.passed();
        } finally {
            Directories.delete(work);
        }
    }

    private DemoReport run(int count, Path work) throws IOException, InterruptedException {
        DemoImages images = DemoImages.load();
        byte[] file = SampleModel.file().orElseThrow(() -> new IOException("the client was built without the model"));
        Path exported = work.resolve("chain.rlp");
        int[] onChain = new int[count];
        Hash head;
        long blocks;

        DevOptions options = new DevOptions(
                Optional.of(work.resolve("validator")),
                Optional.empty(),
                false,
                new RpcServerOptions("127.0.0.1", 0, List.of(), List.of("*")),
                GAS_CAP,
                LOGS_RANGE,
                Wei.of(1_000),
                InferenceSettings.of(backend));
        try (DevNode validator = DevNode.start(options);
                RpcClient rpc = new RpcClient("http://127.0.0.1:" + validator.port())) {
            say("chain      one validator, JSON-RPC on port " + validator.port());
            Hash modelId = Hash.fromHex(
                    rpc.call("model_publish", Bytes.wrap(file).toHexString()).asText());
            say("model      " + modelId + " announced, attested, active");
            ClassifierContract contract =
                    ClassifierContract.deploy(rpc, DevAccounts.all().getFirst(), modelId);
            say("contract   ImageClassifier at " + contract.address().toChecksumHex());
            for (int i = 0; i < count; i++) {
                onChain[i] = contract.classify(images.input(i));
                if ((i + 1) % PROGRESS_EVERY == 0 || i + 1 == count) {
                    say(String.format(
                            "image %4d classified as %s, labelled %s",
                            i + 1, images.className(onChain[i]), images.className(images.label(i))));
                }
            }
            head = validator.node().chain().head().hash();
            blocks = validator.node().chain().head().number();
            try (OutputStream target = new BufferedOutputStream(Files.newOutputStream(exported))) {
                validator.node().exporter().export(1, blocks, target);
            }
        }

        say("verifier   a second node imports " + blocks + " blocks and runs every inference again");
        Verifier.Outcome verified = Verifier.verify(work.resolve("verifier"), exported, file);
        Model model = model(file);
        int[] offline = offline(model, images, count);
        long steps = verified.inferences() * model.graph().nodes().size();
        return new DemoReport(
                count,
                correct(onChain, images),
                correct(offline, images),
                Arrays.equals(onChain, offline),
                verified.blocks(),
                verified.inferences(),
                steps,
                head,
                verified.head());
    }

    /** What {@code engram model run} gives for each image. */
    private static int[] offline(Model model, DemoImages images, int count) {
        InferenceEngine engine = new InferenceEngine(new ReferenceBackend());
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            byte[] scores = engine.run(model, images.input(i)).getFirst().output();
            for (int label = 1; label < scores.length; label++) {
                if (scores[label] > scores[labels[i]]) {
                    labels[i] = label;
                }
            }
        }
        return labels;
    }

    private static Model model(byte[] file) {
        try {
            return Model.load(file, InferenceConfig.Limits.DEFAULT);
        } catch (MalformedModelException e) {
            throw new IllegalStateException("the shipped model is malformed", e);
        }
    }

    private static int correct(int[] labels, DemoImages images) {
        int correct = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] == images.label(i)) {
                correct++;
            }
        }
        return correct;
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
