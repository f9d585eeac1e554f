package io.engram.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.Seeds;
import io.engram.inference.TestGraphs;
import io.engram.inference.commitment.Commitments;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class ModelFileTest {

    private static final InferenceConfig.Limits LIMITS = InferenceConfig.Limits.DEFAULT;

    private final List<Graph> graphs = List.of(TestGraphs.convolutional(8, 2, 16), TestGraphs.branching());

    @Test
    void readingIsTheInverseOfWriting() throws Exception {
        for (Graph graph : graphs) {
            byte[] file = ModelWriter.write(graph);
            assertThat(file.length % 64).isEqualTo(ModelFormat.CHECKSUM_BYTES);
            assertThat(ModelReader.read(file)).isEqualTo(graph);
            Model model = Model.load(file, LIMITS);
            assertThat(model.id()).isEqualTo(Commitments.modelId(file));
            assertThat(model.facts().fileBytes()).isEqualTo(file.length);
        }
    }

    @Test
    void everyFlippedBitIsRefused() throws Exception {
        byte[] file = ModelWriter.write(graphs.get(0));
        for (int bit = 0; bit < 8 * file.length; bit++) {
            byte[] changed = file.clone();
            changed[bit >> 3] ^= (byte) (1 << (bit & 7));
            assertThat(accepted(changed)).as("bit %d", bit).isEmpty();
        }
    }

    @Test
    void everyFlippedBitUnderANewChecksumIsRefusedOrChangesTheIdAndReadersAreCanonical() throws Exception {
        byte[] file = ModelWriter.write(graphs.get(0));
        Hash id = Commitments.modelId(file);
        for (int bit = 0; bit < 8 * (file.length - ModelFormat.CHECKSUM_BYTES); bit++) {
            byte[] changed = file.clone();
            changed[bit >> 3] ^= (byte) (1 << (bit & 7));
            ModelFormat.seal(changed);
            accepted(changed).ifPresent(model -> assertThat(model.id()).isNotEqualTo(id));
        }
    }

    @Test
    void everyShorterOrLongerFileIsRefused() throws Exception {
        byte[] file = ModelWriter.write(graphs.get(1));
        for (int length = 0; length < file.length + 130; length++) {
            if (length != file.length) {
                byte[] cut = Arrays.copyOf(file, length);
                assertThat(accepted(cut)).as("%d bytes", length).isEmpty();
                if (length >= 40) {
                    ByteBuffer.wrap(cut).putLong(32, length);
                    ModelFormat.seal(cut);
                    assertThat(accepted(cut))
                            .as("%d bytes, header adapted", length)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void garbageEndsInTheCheckedException() throws Exception {
        byte[] file = ModelWriter.write(graphs.get(0));
        Seeds.each(3_000, random -> {
            byte[] changed = file.clone();
            for (int i = 0, count = random.nextInt(1, 6); i < count; i++) {
                int at = random.nextInt(Math.min(changed.length, random.nextBoolean() ? 64 : 900));
                if (random.nextBoolean()) {
                    changed[at] = (byte) random.nextInt();
                } else {
                    int[] extremes = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0, 1 << 24};
                    ByteBuffer.wrap(changed)
                            .putInt(Math.min(at, changed.length - 4), extremes[random.nextInt(extremes.length)]);
                }
            }
            ModelFormat.seal(changed);
            accepted(changed);
            byte[] noise = TestGraphs.bytes(random, random.nextInt(200));
            if (noise.length > 8 && random.nextBoolean()) {
                System.arraycopy(file, 0, noise, 0, 8);
            }
            assertThat(accepted(noise)).isEmpty();
        });
    }

    @Test
    void filesOverTheLimitAreRefusedUnread() {
        InferenceConfig.Limits small = new InferenceConfig.Limits(
                100,
                LIMITS.maxPeakMemoryBytes(),
                LIMITS.maxSteps(),
                LIMITS.maxMacs(),
                LIMITS.maxDepthwiseMacs(),
                LIMITS.maxElements(),
                LIMITS.maxHashedBytes(),
                LIMITS.maxIoBytes(),
                LIMITS.maxBatch());
        assertThatExceptionOfType(MalformedModelException.class)
                .isThrownBy(() -> Model.load(new byte[101], small))
                .withMessageContaining("limit is 100");
    }

    @Test
    void aModelIsTheSameWhicheverThreadHashesItsFile() throws Exception {
        byte[] file = ModelWriter.write(graphs.get(0));
        Model expected = Model.load(file, LIMITS);
        for (Executor hashing : hashing()) {
            Model model =
                    Model.loadIdentified(file, expected.id(), LIMITS, hashing).orElseThrow();
            assertThat(model.graph()).isEqualTo(expected.graph());
            assertThat(model.check()).isEqualTo(expected.check());
            for (int i = 0; i < model.graph().constants().size(); i++) {
                assertThat(model.constantRoot(model.graph().inputs().size() + i))
                        .isEqualTo(
                                Commitments.tensorRoot(model.graph().constants().get(i)));
            }
        }
    }

    @Test
    void aFileWithAnotherIdIsNoModelAndAMalformedOneIsRefusedUnderItsOwnId() throws Exception {
        byte[] file = ModelWriter.write(graphs.get(0));
        Hash id = Commitments.modelId(file);
        byte[] damaged = file.clone();
        damaged[0] ^= 1;
        for (Executor hashing : hashing()) {
            assertThat(Model.loadIdentified(file, Hash.ZERO, LIMITS, hashing)).isEmpty();
            assertThat(Model.loadIdentified(damaged, id, LIMITS, hashing)).isEmpty();
            assertThat(Model.loadIdentified(new byte[0], id, LIMITS, hashing)).isEmpty();
            assertThatExceptionOfType(MalformedModelException.class)
                    .isThrownBy(() -> Model.loadIdentified(damaged, Commitments.modelId(damaged), LIMITS, hashing));
        }
    }

    /** This thread at once, another one, and none until the result is needed. */
    private static List<Executor> hashing() {
        return List.of(Runnable::run, ForkJoinPool.commonPool(), _ -> {});
    }

    /** The model, if the file is accepted; what is accepted must be what the writer gives. */
    private static Optional<Model> accepted(byte[] file) throws MalformedModelException {
        Model model;
        try {
            model = Model.load(file, LIMITS);
        } catch (MalformedModelException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return Optional.empty();
        }
        assertThat(ModelWriter.write(model.graph())).isEqualTo(file);
        return Optional.of(model);
    }
}
