package io.engram.client.consensus.qbft;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.consensus.ChainHeaders;
import io.engram.client.consensus.QbftHeaders;
import io.engram.client.consensus.RecoveredSignatures;
import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.qbft.message.MessageKind;
import io.engram.client.consensus.qbft.message.Messages;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.QbftConfig;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/** What a validator tells another one that was away. */
class ReconnectionTest {

    private static final QbftConfig CONFIG = new QbftConfig(
            1, 0, 0, 1, 100, Optional.empty(), Wei.ZERO, Optional.empty(), QbftConfig.MessageLimits.DEFAULT, List.of());

    /** Messages that went out: to whom, and the code. */
    private record Sent(Set<Address> to, int code) {}

    private final List<Sent> sent = new ArrayList<>();
    private final Map<QbftTimers.Kind, Long> tokens = new EnumMap<>(QbftTimers.Kind.class);
    private final BlockHeader head =
            QbftHeaders.header(5, 1_000, Messages.KEYS.getFirst().address(), Messages.VALIDATORS);

    /** Proposes neither in the first round nor in the second. */
    private final SigningKey self = Messages.keyOf(Messages.VALIDATORS.proposer(head.coinbase(), 2));

    private final Address other = Messages.VALIDATORS.proposer(head.coinbase(), 0);
    private final QbftMachine machine = new QbftMachine(
            CONFIG,
            QbftOptions.DEFAULT,
            new QbftPorts(
                    self,
                    new RecoveredSignatures(),
                    new MemorySafety(),
                    new NoExecutor(),
                    new Recorder(),
                    new Timers(),
                    parent -> Messages.VALIDATORS,
                    new NoHeaders(),
                    (parent, validators) -> Optional.empty()),
            head);

    private final class Recorder implements MessageSender {
        @Override
        public void send(Set<Address> validators, int code, Bytes data) {
            sent.add(new Sent(Set.copyOf(validators), code));
        }

        @Override
        public void misbehaved(Address peer, String reason) {
            throw new AssertionError(reason);
        }
    }

    private final class Timers implements QbftTimers {
        @Override
        public long nowMillis() {
            return 2_000_000;
        }

        @Override
        public void schedule(Kind kind, long token, long atMillis) {
            tokens.put(kind, token);
        }
    }

    private static final class MemorySafety implements SafetyStore {
        private SafetyState state = SafetyState.nothingSignedAbove(0);

        @Override
        public Optional<SafetyState> load() {
            return Optional.of(state);
        }

        @Override
        public void save(SafetyState next) {
            state = next;
        }
    }

    private static final class NoExecutor implements BlockExecutor {
        @Override
        public boolean hasTransactions() {
            return false;
        }

        @Override
        public void build(long ticket, ProposalRequest request) {
            throw new AssertionError("not this node's turn");
        }

        @Override
        public void validate(long ticket, Block block, BlockHeader parent) {
            throw new AssertionError("nothing was proposed");
        }

        @Override
        public void importDecided(Block sealed) {
            throw new AssertionError("nothing was decided");
        }
    }

    private static final class NoHeaders implements ChainHeaders {
        @Override
        public Optional<BlockHeader> header(Hash hash) {
            return Optional.empty();
        }

        @Override
        public Optional<Hash> canonicalHash(long number) {
            return Optional.empty();
        }
    }

    private void fire(QbftTimers.Kind kind) {
        machine.handle(new QbftEvent.TimerFired(kind, Objects.requireNonNull(tokens.get(kind))));
    }

    @Test
    void aRoundChangeIsSentAgainToTheOneThatCameBackAndToNobodyElse() {
        machine.start();
        machine.handle(new QbftEvent.PeerConnected(other));
        fire(QbftTimers.Kind.BLOCK);
        machine.handle(new QbftEvent.PeerConnected(other));
        assertThat(sent).as("nothing was said in the first round").isEmpty();
        fire(QbftTimers.Kind.ROUND);
        assertThat(sent).singleElement().satisfies(message -> {
            assertThat(message.code()).isEqualTo(MessageKind.ROUND_CHANGE.code());
            assertThat(message.to()).hasSize(3);
        });
        machine.handle(new QbftEvent.PeerConnected(other));
        assertThat(sent.getLast()).isEqualTo(new Sent(Set.of(other), MessageKind.ROUND_CHANGE.code()));
        machine.handle(new QbftEvent.PeerConnected(SigningKey.of(99).address()));
        assertThat(sent).hasSize(2);
    }
}
