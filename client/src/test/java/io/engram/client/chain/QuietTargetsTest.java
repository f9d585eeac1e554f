package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import org.junit.jupiter.api.Test;

class QuietTargetsTest {

    private static final Address TOKEN = new Address(0, 0, 1);
    private static final Hash SAMPLED = new Hash(1, 1, 1, QuietTargets.SAMPLE);
    private static final Hash OTHER = new Hash(1, 1, 1, QuietTargets.SAMPLE + 1);

    private final QuietTargets targets = new QuietTargets();

    @Test
    void afterManyCallsWithoutAnInferenceOnlyASampleIsRun() {
        for (int i = 0; i < QuietTargets.PATIENCE; i++) {
            assertThat(targets.isWorthRunning(TOKEN, OTHER)).isTrue();
            targets.note(TOKEN, false);
        }
        assertThat(targets.isWorthRunning(TOKEN, OTHER)).isFalse();
        assertThat(targets.isWorthRunning(TOKEN, SAMPLED)).isTrue();
        assertThat(targets.isWorthRunning(new Address(0, 0, 2), OTHER)).isTrue();
    }

    @Test
    void oneInferenceMakesAContractWorthRunningAgain() {
        for (int i = 0; i < 2 * QuietTargets.PATIENCE; i++) {
            targets.note(TOKEN, false);
        }
        targets.note(TOKEN, true);
        assertThat(targets.isWorthRunning(TOKEN, OTHER)).isTrue();
    }

    @Test
    void theContractsCalledLongestAgoAreForgotten() {
        for (int i = 0; i < QuietTargets.PATIENCE; i++) {
            targets.note(TOKEN, false);
        }
        for (int i = 0; i < QuietTargets.MAX_TARGETS; i++) {
            targets.note(new Address(1, 0, i), false);
        }
        assertThat(targets.isWorthRunning(TOKEN, OTHER)).isTrue();
    }
}
