package io.engram.inference.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.Seeds;
import io.engram.inference.TestGraphs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelFactsTest {

    private static final InferenceConfig.Gas GAS = InferenceConfig.Gas.DEFAULT;

    @Test
    void wordsHoldTheCountersAtTheirPlaces() {
        ModelFacts facts = TestGraphs.model(TestGraphs.branching()).facts();
        List<Hash> words = facts.toWords();
        assertThat(words).hasSize(2 + 2 + 2);
        // file bytes, input 6 + 12, output 6 + 4, batch 4, steps 2, no weights
        assertThat(words.get(0).toHex())
                .isEqualTo("0x%016x%08x%08x%08x%08x%016x".formatted(facts.fileBytes(), 18, 10, 4, 2, 0));
        assertThat(words.get(1)).isEqualTo(new Hash(0, 0, 3 + 3, 4 * 64));
        assertThat(words.get(2).toHex())
                .isEqualTo("0x00020000" + "00000006" + "00000001" + "00000000" + "00000000" + "fffffed4" + "0000012c"
                        + "00000000");
        assertThat(words.get(4).toHex())
                .isEqualTo("0x01020000" + "00000006" + "00000003" + "fffffff9" + "ffffffff" + "ffff8ad0" + "00007530"
                        + "00000000");
        assertThat(words.get(5).toHex())
                .isEqualTo("0x01030000" + "00000004" + "00000001" + "00000000" + "00000000" + "00000000" + "00000002"
                        + "00000000");
    }

    @Test
    void wordsReadBackAndOthersAreRefused() {
        for (Graph graph : List.of(TestGraphs.branching(), TestGraphs.convolutional(8, 2, 3))) {
            ModelFacts facts = TestGraphs.model(graph).facts();
            assertThat(ModelFacts.ofWords(facts.toWords())).contains(facts);
            Seeds.each(500, random -> {
                List<Hash> words = new ArrayList<>(facts.toWords());
                int at = random.nextInt(words.size());
                byte[] word = words.get(at).toArray();
                word[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
                words.set(at, Hash.of(word));
                ModelFacts.ofWords(words)
                        .ifPresent(read -> assertThat(read.toWords()).isEqualTo(words));
            });
        }
        assertThat(ModelFacts.ofWords(List.of())).isEmpty();
        assertThat(ModelFacts.ofWords(List.of(Hash.ZERO, Hash.ZERO, Hash.ZERO, Hash.ZERO)))
                .isEmpty();
    }

    @Test
    void thePriceIsTheSumOfItsTerms() {
        ModelFacts facts = TestGraphs.model(TestGraphs.convolutional(8, 2, 16)).facts();
        long sample = 6 * 160
                + ceil(facts.macs(), 512)
                + ceil(facts.depthwiseMacs(), 16)
                + ceil(facts.elements(), 2)
                + ceil(facts.weightBytes(), 256)
                + ceil(facts.hashedBytes(), 32);
        assertThat(ModelPrice.sampleGas(facts, GAS)).isEqualTo(sample);
        assertThat(ModelPrice.ioGas(facts, 3, GAS)).isEqualTo(3 * 7);
        assertThat(ModelPrice.gas(facts, GAS)).isEqualTo(3_000 + 3 * 3 + sample);
        assertThat(ModelPrice.coldGas(facts, GAS)).isEqualTo(120 * ceil(facts.fileBytes(), 1_024));
    }

    @Test
    void aPriceBeyond63BitsCannotBePaid() {
        assertThat(ModelPrice.times(1L << 40, 1L << 40)).isEqualTo(Long.MAX_VALUE);
        assertThat(ModelPrice.times(1L << 32, 1L << 31)).isEqualTo(Long.MAX_VALUE);
        assertThat(ModelPrice.times(1L << 31, 1L << 31)).isEqualTo(1L << 62);
        assertThat(ModelPrice.plus(Long.MAX_VALUE, 1)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void oneColdSampleAtTheDefaultLimitsFitsATransaction() {
        InferenceConfig.Limits limits = InferenceConfig.Limits.DEFAULT;
        ModelFacts largest = new ModelFacts(
                limits.maxModelBytes(),
                (int) limits.maxIoBytes() / 2,
                (int) limits.maxIoBytes() / 2,
                1,
                (int) limits.maxSteps(),
                limits.maxModelBytes(),
                limits.maxMacs(),
                limits.maxDepthwiseMacs(),
                limits.maxElements(),
                limits.maxHashedBytes(),
                List.of(),
                List.of());
        assertThat(ModelPrice.gas(largest, GAS) + ModelPrice.coldGas(largest, GAS))
                .isLessThanOrEqualTo((1L << 24) - 2_000_000);
    }

    private static long ceil(long count, long divisor) {
        return (count + divisor - 1) / divisor;
    }
}
