package io.engram.inference.engine;

import io.engram.inference.model.Model;
import java.util.SplittableRandom;

/**
 * The {@link SelfTestNetworks} run on two back ends, with extremes among the values. That is repeated so that the code that
 * a just-in-time compiler makes is tested as well.
 */
final class SelfTest {

    /** Enough for a just-in-time compiler to have done its work. */
    private static final int ROUNDS = 200;

    private SelfTest() {}

    /** @throws IllegalStateException when the candidate gives other bits than the oracle */
    static void require(Backend candidate, Backend oracle) {
        require(candidate, oracle, ROUNDS);
    }

    /** The same with other numbers of repetitions: one does for code that does not change. */
    static void require(Backend candidate, Backend oracle, int rounds) {
        for (Model model : SelfTestNetworks.all()) {
            require(candidate, oracle, model, rounds);
        }
    }

    private static void require(Backend candidate, Backend oracle, Model model, int rounds) {
        InferenceEngine tested = new InferenceEngine(candidate, 0);
        SplittableRandom random = new SplittableRandom(1);
        byte[] sample = new byte[model.facts().inputBytes()];
        for (int edge = 0; edge < 3; edge++) {
            for (int i = 0; i < sample.length; i++) {
                sample[i] = (byte) (edge == 0 ? Byte.MIN_VALUE : edge == 1 ? Byte.MAX_VALUE : random.nextInt());
            }
            Inference expected =
                    new InferenceEngine(oracle, 0).run(model, sample).getFirst();
            for (int round = 0; round < rounds; round++) {
                Inference actual = tested.run(model, sample).getFirst();
                if (!actual.stepsRoot().equals(expected.stepsRoot())) {
                    throw new IllegalStateException("the " + candidate.name() + " back end failed its self-test");
                }
            }
        }
    }
}
