package io.engram.client.consensus.qbft;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.qbft.message.ConsensusRound;
import io.engram.client.consensus.qbft.message.Messages;
import io.engram.client.consensus.qbft.message.QbftMessage;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/** Timeouts, buffers and policies that must stay within their bounds. */
class LimitsTest {

    private static final Address PEER = Messages.KEYS.getFirst().address();

    @Test
    void timeoutsDoubleUpToTheCap() {
        RoundTimeouts timeouts = new RoundTimeouts(1_000, 60_000);
        assertThat(timeouts.millis(0)).isEqualTo(1_000);
        assertThat(timeouts.millis(5)).isEqualTo(32_000);
        assertThat(timeouts.millis(6)).isEqualTo(60_000);
        assertThat(timeouts.millis(Integer.MAX_VALUE)).isEqualTo(60_000);
        assertThat(timeouts.leavesRoomFor(15_000)).isTrue();
        assertThat(timeouts.leavesRoomFor(15_001)).isFalse();
    }

    private static FutureMessages.Waiting waiting(long height, SigningKey key) {
        QbftMessage message = Messages.roundChange(new ConsensusRound(height, 1), Optional.empty(), key);
        return new FutureMessages.Waiting(message, new QbftEvent.MessageReceived(PEER, 0x15, Bytes.EMPTY));
    }

    @Test
    void nobodyFillsTheBufferOfFutureMessages() {
        FutureMessages future = new FutureMessages(8, 10);
        for (int i = 0; i < 5; i++) {
            assertThat(future.add(waiting(6, Messages.KEYS.get(0)), 5, 4)).isEqualTo(i < 2);
        }
        assertThat(future.add(waiting(16, Messages.KEYS.get(1)), 5, 4))
                .as("too far")
                .isFalse();
        assertThat(future.add(waiting(15, Messages.KEYS.get(1)), 5, 4)).isTrue();
        assertThat(future.take(6)).hasSize(2);
        assertThat(future.size()).isEqualTo(1);
        assertThat(future.add(waiting(7, Messages.KEYS.get(0)), 6, 4)).isTrue();
        assertThat(future.take(20)).isEmpty();
        assertThat(future.size()).isZero();
    }

    @Test
    void oldMessagesAreForgotten() {
        SeenMessages seen = new SeenMessages(2);
        assertThat(seen.add(new Hash(0, 0, 0, 1))).isTrue();
        assertThat(seen.add(new Hash(0, 0, 0, 1))).isFalse();
        assertThat(seen.add(new Hash(0, 0, 0, 2))).isTrue();
        assertThat(seen.add(new Hash(0, 0, 0, 3))).isTrue();
        assertThat(seen.contains(new Hash(0, 0, 0, 1))).isFalse();
    }

    @Test
    void oneValidatorKeepsAFewRoundChanges() {
        RoundChanges changes = new RoundChanges();
        SigningKey key = Messages.KEYS.getFirst();
        for (int round = 1; round <= 10; round++) {
            changes.add(Messages.roundChange(new ConsensusRound(7, round), Optional.empty(), key));
        }
        assertThat(changes.to(10 - RoundChanges.KEPT_PER_VALIDATOR)).isEmpty();
        assertThat(changes.to(10)).hasSize(1);
        assertThat(changes.reaching(10)).isEqualTo(1);
        changes.noteReached(Messages.KEYS.get(1).address(), 6);
        assertThat(changes.reachedBy(2, Messages.KEYS.get(3).address())).isEqualTo(6);
        assertThat(changes.reachedBy(2, key.address())).isZero();
    }

    @Test
    void lateRoundsLeaveModelsOut() {
        Set<Hash> lost = Set.of(Hash.ZERO);
        assertThat(InferencePolicy.at(1, lost)).isEqualTo(new InferencePolicy.All());
        assertThat(InferencePolicy.at(2, lost)).isEqualTo(new InferencePolicy.Except(lost));
        assertThat(InferencePolicy.at(2, Set.of())).isEqualTo(new InferencePolicy.All());
        assertThat(InferencePolicy.at(4, Set.of())).isEqualTo(new InferencePolicy.NoInference());
    }
}
