package io.engram.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Hash;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class ModelGateTest {

    private static final Hash MODEL = Hash.fromHex("0x" + "a1".repeat(32));

    private final Set<Hash> coming = ConcurrentHashMap.newKeySet();

    @Test
    void aBlockWaitsUntilTheModelIsThereAndTheNextOnesDoNot() throws InterruptedException {
        ModelGate gate = new ModelGate(block -> block < 5 ? Set.of() : Set.copyOf(coming), _ -> true);
        coming.add(MODEL);
        gate.await(4);
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                gate.await(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(waiting.join(Duration.ofMillis(200))).isFalse();
        coming.clear();
        assertThat(waiting.join(Duration.ofSeconds(30))).isTrue();
        gate.await(6);
    }

    @Test
    void whoStopsANodeDoesNotWaitForModels() throws InterruptedException {
        ModelGate gate = new ModelGate(_ -> Set.of(MODEL), _ -> true);
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                gate.await(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(waiting.join(Duration.ofMillis(100))).isFalse();
        waiting.interrupt();
        assertThat(waiting.join(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void aModelThatNobodyGivesHoldsUpOneBlockOnce() throws InterruptedException {
        ModelGate gate = new ModelGate(_ -> Set.of(MODEL), _ -> false);
        long begun = System.nanoTime();
        for (int block = 1; block <= 100; block++) {
            gate.await(block);
        }
        long waited = System.nanoTime() - begun;
        assertThat(waited)
                .isBetween(ExchangeLimits.GATE_UNOFFERED.toNanos(), 50 * ExchangeLimits.GATE_UNOFFERED.toNanos());
    }
}
