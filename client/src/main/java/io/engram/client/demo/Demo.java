package io.engram.client.demo;

import io.engram.client.dev.Directories;
import io.engram.client.dev.SampleModel;
import io.engram.client.network.NetworkFiles;
import io.engram.client.network.NodeClient;
import io.engram.client.network.RunOptions;
import io.engram.client.network.TrialNetwork;
import io.engram.client.node.NetworkPublication;
import io.engram.client.rpc.RpcAccount;
import io.engram.client.rpc.RpcClient;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.engine.Backends;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The whole path in one run: four validators start, a model is published on their chain, a Solidity contract classifies
 * images by transactions, every validator recomputes the inferences in the blocks of the others, and a node that joins
 * late recomputes all of them.
 */
public final class Demo {

    /** Images that are sent before the first of them is waited for: what one block holds, more or less. */
    private static final int WAVE = 10;

    private static final int VALIDATORS = 4;
    private static final int HEAP_MEGABYTES = 256;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PrintWriter out;
    private final Backends backend;

    /** @param backend what computes on the first validator; all others have the reference */
    public Demo(PrintWriter out, Backends backend) {
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
     * @return what is not as it must be; empty when everything agreed
     * @throws IOException when a step fails, with the reason
     */
    public List<String> run(int images, Optional<Path> json) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("engram-demo-");
        try {
            DemoReport report = run(images, work.resolve("network"));
            out.println();
            out.print(report.table());
            out.flush();
            if (json.isPresent()) {
                report.writeJson(json.get());
            }
            return report.problems();
        } finally {
            Directories.delete(work);
        }
    }

    /**
     * Four validators, and one node that joins late, for a minute on one machine: small heaps, the quick compiler alone,
     * and a back end that needs no test of itself where no other is asked for.
     */
    private TrialNetwork.Plan plan() {
        List<String> jvmOptions = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1"));
        if (backend != Backends.REFERENCE) {
            jvmOptions.add("--add-modules=jdk.incubator.vector");
        }
        String first = NetworkFiles.nodeName(0);
        return new TrialNetwork.Plan(
                VALIDATORS,
                1,
                false,
                new RunOptions(
                        HEAP_MEGABYTES,
                        jvmOptions,
                        name -> List.of(
                                "--inference-backend=" + (name.equals(first) ? backend : Backends.REFERENCE).key())));
    }

    private DemoReport run(int count, Path folder) throws IOException, InterruptedException {
        DemoImages images = DemoImages.load();
        byte[] file = SampleModel.file().orElseThrow(() -> new IOException("the client was built without the model"));
        Model model = model(file);
        try (TrialNetwork network = TrialNetwork.start(folder, plan())) {
            NodeClient first = network.validators().getFirst();
            say("chain      " + network.validators().size()
                    + " validators in processes of their own, a block each second");
            RpcAccount sender = RpcAccount.open(first.rpc(), network.treasury());
            ClassifierContract contract = prepare(network, sender, model, file);
            int[] onChain = classify(contract, images, count);
            long height = first.height();
            say("late       a further node starts with an empty disk and runs every inference again");
            NodeClient late = network.joinLate(height + 1);
            List<NodeOutcome> outcomes = new ArrayList<>();
            for (NodeClient validator : network.validators()) {
                // A block is counted before the next one is added.
                validator.awaitHeight(height + 1, PATIENCE);
                outcomes.add(NodeOutcome.of(validator, height));
            }
            int[] offline = offline(model, images, count);
            return new DemoReport(
                    new DemoReport.Labels(
                            count, correct(onChain, images), correct(offline, images), Arrays.equals(onChain, offline)),
                    model.graph().nodes().size(),
                    ChainTally.read(first, height),
                    outcomes,
                    NodeOutcome.of(late, height));
        }
    }

    private ClassifierContract prepare(TrialNetwork network, RpcAccount sender, Model model, byte[] file)
            throws IOException, InterruptedException {
        RpcClient rpc = network.validators().getFirst().rpc();
        say("model      " + model.id());
        new NetworkPublication(rpc, sender, model, file, line -> say("           " + line)).run(PATIENCE);
        say("           fetched and checked by the validators, active");
        ClassifierContract contract = ClassifierContract.deploy(sender, model.id());
        say("contract   ImageClassifier at " + contract.address().toChecksumHex());
        return contract;
    }

    private int[] classify(ClassifierContract contract, DemoImages images, int count)
            throws IOException, InterruptedException {
        int[] labels = new int[count];
        for (int from = 0; from < count; from += WAVE) {
            int end = Math.min(from + WAVE, count);
            List<Hash> sent = new ArrayList<>();
            for (int i = from; i < end; i++) {
                sent.add(contract.send(images.input(i)));
            }
            for (int i = from; i < end; i++) {
                labels[i] = contract.label(sent.get(i - from));
            }
            int last = end - 1;
            say(String.format(
                    "image %4d classified as %s, labelled %s",
                    end, images.className(labels[last]), images.className(images.label(last))));
        }
        return labels;
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
