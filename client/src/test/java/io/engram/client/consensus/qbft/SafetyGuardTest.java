package io.engram.client.consensus.qbft;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.consensus.RecoveredSignatures;
import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.client.consensus.qbft.message.ConsensusRound;
import io.engram.client.consensus.qbft.message.MessageKind;
import io.engram.client.consensus.qbft.message.Messages;
import io.engram.client.consensus.qbft.message.WireEncoding;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Hash;
import io.engram.genesis.rlp.RlpException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SafetyGuardTest {

    private static final SigningKey KEY = Messages.KEYS.getFirst();
    private static final BftBlock BLOCK = Messages.block(7, 0, KEY.address(), 1);
    private static final BftBlock OTHER = Messages.block(7, 0, KEY.address(), 2);

    /** A disk; may refuse to write. */
    private static final class Disk implements SafetyStore {
        private Optional<SafetyState> state = Optional.of(SafetyState.nothingSignedAbove(0));
        private boolean full;

        @Override
        public Optional<SafetyState> load() {
            return state;
        }

        @Override
        public void save(SafetyState next) {
            if (full) {
                throw new LocalFaultException("no space left");
            }
            state = Optional.of(next);
        }
    }

    private final Disk disk = new Disk();

    private SafetyGuard guard() {
        return new SafetyGuard(KEY, disk, WireEncoding.ACCESS_LIST_SLOT);
    }

    private static ConsensusRound at(int round) {
        return new ConsensusRound(7, round);
    }

    private static PreparedCertificate certificate(int round) {
        BftBlock block = BLOCK.withRound(round);
        return new PreparedCertificate(block, Messages.prepares(at(round), block.digest()));
    }

    @Test
    void nothingIsSignedTwiceInOneRoundEvenAfterACrash() {
        assertThat(guard().propose(at(0), BLOCK)).isPresent();
        assertThat(guard().propose(at(0), OTHER)).isEmpty();
        assertThat(guard().prepare(at(0), BLOCK.digest())).isPresent();
        assertThat(guard().prepare(at(0), OTHER.digest())).isEmpty();
        assertThat(guard().propose(at(0), BLOCK)).as("the same again").isPresent();
    }

    @Test
    void roundsOnlyGoUp() {
        assertThat(guard().prepare(at(3), BLOCK.digest())).isPresent();
        assertThat(guard().prepare(at(2), BLOCK.digest())).isEmpty();
        assertThat(guard().prepare(new ConsensusRound(6, 9), BLOCK.digest())).isEmpty();
        assertThat(guard().prepare(new ConsensusRound(8, 0), BLOCK.digest())).isPresent();
    }

    @Test
    void aRoundLeftStaysLeft() {
        assertThat(guard().changeRound(at(2))).isPresent();
        assertThat(guard().prepare(at(1), BLOCK.digest())).isEmpty();
        assertThat(guard().commit(at(1), certificate(1))).isEmpty();
        assertThat(guard().prepare(at(2), BLOCK.digest())).isPresent();
        assertThat(guard().changeRound(at(2))).as("the same again").isPresent();
    }

    @Test
    void aRoundChangeNamesTheCertificateAndNeverDeniesOne() {
        assertThat(guard().commit(at(1), certificate(1))).isPresent();
        assertThat(guard().changeRound(at(1))).isEmpty();
        assertThat(guard().changeRound(at(2)).orElseThrow().payload().prepared())
                .contains(certificate(1).metadata());
    }

    @Test
    void withoutAWriteThereIsNoSignature() {
        SafetyGuard guard = guard();
        disk.full = true;
        assertThat(guard.prepare(at(0), BLOCK.digest())).isEmpty();
        disk.full = false;
        assertThat(guard.prepare(at(0), OTHER.digest())).isPresent();
    }

    @Test
    void withoutStateOrBelowTheFloorNothingIsSigned() {
        disk.state = Optional.empty();
        SafetyGuard guard = guard();
        assertThat(guard.prepare(at(0), Hash.ZERO)).isEmpty();
        guard.begin(7);
        assertThat(guard.prepare(at(0), Hash.ZERO)).isEmpty();
        assertThat(guard.prepare(new ConsensusRound(8, 0), Hash.ZERO)).isPresent();
    }

    @Test
    void theStateComesBackFromItsBytes() throws RlpException {
        SafetyGuard guard = guard();
        assertThat(guard.propose(at(1), BLOCK)).isPresent();
        assertThat(guard.commit(at(1), certificate(1))).isPresent();
        SafetyState state = disk.state.orElseThrow();
        SafetyStateCodec codec = new SafetyStateCodec(new RecoveredSignatures());
        assertThat(codec.decode(SafetyStateCodec.encode(state))).isEqualTo(state);
        assertThat(state.signed()).containsOnlyKeys(MessageKind.PROPOSAL, MessageKind.COMMIT);
        SafetyState empty = SafetyState.nothingSignedAbove(5);
        assertThat(codec.decode(SafetyStateCodec.encode(empty))).isEqualTo(empty);
    }
}
