package io.engram.training;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.engram.inference.onnx.OnnxEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Trains {@link FashionNetwork} and writes it as ONNX: {@code TrainFashion DATA_FOLDER OUT.onnx [EPOCHS]}. One thread and
 * one seed, so that a run on the same machine gives the same file.
 */
public final class TrainFashion {

    private static final int SEED = 20260101;
    private static final int BATCH = 128;
    private static final int DEFAULT_EPOCHS = 30;
    private static final float TOP_RATE = 2e-3f;
    private static final float LAST_RATE = 1e-5f;

    private TrainFashion() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2) {
            throw new IllegalArgumentException("TrainFashion DATA_FOLDER OUT.onnx [EPOCHS]");
        }
        // PyTorch's sums depend on how they are split over threads; and nothing is to be fetched or reported.
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        Path data = Path.of(arguments[0]);
        int epochs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : DEFAULT_EPOCHS;
        train(ImageSet.read(data, "train"), ImageSet.read(data, "t10k"), Path.of(arguments[1]), epochs);
    }

    private static void train(ImageSet training, ImageSet test, Path out, int epochs) throws IOException {
        Engine engine = Engine.getEngine("PyTorch");
        engine.setRandomSeed(SEED);
        FashionNetwork network = new FashionNetwork();
        int steps = training.count() / BATCH;
        Tracker rate = Tracker.cosine()
                .setBaseValue(TOP_RATE)
                .optFinalValue(LAST_RATE)
                .setMaxUpdates(steps * epochs)
                .build();
        DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.adam().optLearningRateTracker(rate).build());
        SplittableRandom random = new SplittableRandom(SEED);
        try (Model model = Model.newInstance("fashion", "PyTorch")) {
            model.setBlock(network.block());
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(BATCH, 1, ImageSet.SIDE, ImageSet.SIDE));
                for (int epoch = 1; epoch <= epochs; epoch++) {
                    long start = System.nanoTime();
                    float loss = epoch(trainer, training, random, steps);
                    System.out.printf(
                            "epoch %d: loss %.4f, test accuracy %.2f %%, %.1f s%n",
                            epoch, loss, 100 * accuracy(trainer, test), (System.nanoTime() - start) / 1e9);
                    Files.write(out, OnnxEncoder.encode(network.toOnnx()));
                }
            }
        }
    }

    /** One pass over the training images in a fresh order; the mean loss. */
    private static float epoch(Trainer trainer, ImageSet set, SplittableRandom random, int steps) {
        int[] order = shuffled(set.count(), random);
        int pixels = ImageSet.SIDE * ImageSet.SIDE;
        float[] images = new float[BATCH * pixels];
        float[] labels = new float[BATCH];
        float total = 0;
        for (int step = 0; step < steps; step++) {
            for (int i = 0; i < BATCH; i++) {
                int index = order[step * BATCH + i];
                set.copyAugmented(index, random, images, i * pixels);
                labels[i] = set.label(index);
            }
            try (NDManager manager = trainer.getManager().newSubManager()) {
                NDArray input = manager.create(images, new Shape(BATCH, 1, ImageSet.SIDE, ImageSet.SIDE));
                NDArray expected = manager.create(labels);
                try (GradientCollector gradients = trainer.newGradientCollector()) {
                    NDList logits = trainer.forward(new NDList(input));
                    NDArray loss = trainer.getLoss().evaluate(new NDList(expected), logits);
                    gradients.backward(loss);
                    total += loss.getFloat();
                }
                trainer.step();
            }
        }
        return total / steps;
    }

    private static double accuracy(Trainer trainer, ImageSet set) {
        int size = 500;
        int pixels = ImageSet.SIDE * ImageSet.SIDE;
        float[] images = new float[size * pixels];
        int right = 0;
        for (int start = 0; start < set.count(); start += size) {
            for (int i = 0; i < size; i++) {
                set.copy(start + i, images, i * pixels);
            }
            try (NDManager manager = trainer.getManager().newSubManager()) {
                NDArray input = manager.create(images, new Shape(size, 1, ImageSet.SIDE, ImageSet.SIDE));
                long[] best = trainer.evaluate(new NDList(input))
                        .singletonOrThrow()
                        .argMax(1)
                        .toLongArray();
                for (int i = 0; i < size; i++) {
                    right += best[i] == set.label(start + i) ? 1 : 0;
                }
            }
        }
        return (double) right / set.count();
    }

    private static int[] shuffled(int count, SplittableRandom random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
