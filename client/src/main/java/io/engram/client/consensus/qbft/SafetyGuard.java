package io.engram.client.consensus.qbft;

import io.engram.client.consensus.BlockSigner;
import io.engram.client.consensus.SignatureCodec;
import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.client.consensus.qbft.message.ConsensusRound;
import io.engram.client.consensus.qbft.message.MessageKind;
import io.engram.client.consensus.qbft.message.Payload;
import io.engram.client.consensus.qbft.message.Payload.CommitPayload;
import io.engram.client.consensus.qbft.message.Payload.PreparePayload;
import io.engram.client.consensus.qbft.message.Payload.ProposalPayload;
import io.engram.client.consensus.qbft.message.Payload.RoundChangePayload;
import io.engram.client.consensus.qbft.message.PayloadCodec;
import io.engram.client.consensus.qbft.message.Signed;
import io.engram.client.consensus.qbft.message.WireEncoding;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Hash;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only holder of the validator's key in consensus. Signs a message only when no earlier one contradicts it, and only
 * after the state that says so is on the disk. Every method gives no signature where one would not be safe:
 *
 * <ul>
 *   <li>without safety state, or at or below its floor, nothing is signed;
 *   <li>of one kind, rounds only go up; the very same message may be signed again, as after a crash;
 *   <li>after a round change, nothing but round changes for the rounds before it;
 *   <li>after a prepare or commit, no round change into that round or an earlier one;
 *   <li>a round change at a height with a certificate names it.
 * </ul>
 */
final class SafetyGuard {

    private static final Logger LOG = LoggerFactory.getLogger(SafetyGuard.class);

    private final BlockSigner signer;
    private final SafetyStore store;
    private final WireEncoding encoding;
    private Optional<SafetyState> state;

    SafetyGuard(BlockSigner signer, SafetyStore store, WireEncoding encoding) {
        this.signer = signer;
        this.store = store;
        this.encoding = encoding;
        this.state = store.load();
    }

    boolean maySign(long height) {
        return state.filter(known -> height > known.floor()).isPresent();
    }

    Optional<SafetyState> state() {
        return state;
    }

    /** Takes the place of lost state; what was signed at or below the floor stays unknown and is never signed again. */
    void begin(long floor) {
        save(SafetyState.nothingSignedAbove(floor));
    }

    Optional<Signed<ProposalPayload>> propose(ConsensusRound at, BftBlock block) {
        return sign(new ProposalPayload(at, block), block.digest());
    }

    Optional<Signed<PreparePayload>> prepare(ConsensusRound at, Hash digest) {
        return sign(new PreparePayload(at, digest), digest);
    }

    /** @param prepared what makes the commit right; saved with it, as a later round change must carry it */
    Optional<Signed<CommitPayload>> commit(ConsensusRound at, PreparedCertificate prepared) {
        Hash digest = prepared.block().digest();
        if (!record(MessageKind.COMMIT, at, digest, Optional.of(prepared))) {
            return Optional.empty();
        }
        Bytes seal = SignatureCodec.encode(signer.sign(digest));
        return Optional.of(signed(new CommitPayload(at, digest, seal)));
    }

    /** Names the certificate of this height, if there is one. */
    Optional<Signed<RoundChangePayload>> changeRound(ConsensusRound at) {
        Optional<PreparedCertificate> certificate = state.flatMap(known -> known.certificateAt(at.height()));
        RoundChangePayload payload = new RoundChangePayload(at, certificate.map(PreparedCertificate::metadata));
        Hash subject = PayloadCodec.signingHash(payload.kind(), PayloadCodec.encode(payload, encoding));
        return sign(payload, subject);
    }

    private <P extends Payload> Optional<Signed<P>> sign(P payload, Hash subject) {
        return record(payload.kind(), payload.at(), subject, Optional.empty())
                ? Optional.of(signed(payload))
                : Optional.empty();
    }

    private <P extends Payload> Signed<P> signed(P payload) {
        Bytes encoded = PayloadCodec.encode(payload, encoding);
        return new Signed<>(
                payload, encoded, signer.sign(PayloadCodec.signingHash(payload.kind(), encoded)), signer.address());
    }

    private boolean record(
            MessageKind kind, ConsensusRound at, Hash subject, Optional<PreparedCertificate> certificate) {
        if (!maySign(at.height())) {
            return false;
        }
        SafetyState known = state.orElseThrow();
        Optional<SafetyState.Mark> last = known.last(kind);
        int order = last.map(mark -> at.compareTo(mark.at())).orElse(1);
        if (order <= 0) {
            return order == 0 && last.orElseThrow().subject().equals(subject);
        }
        if (contradicts(known, kind, at)) {
            return false;
        }
        SafetyState next = known.with(kind, new SafetyState.Mark(at, subject));
        return save(certificate.map(next::with).orElse(next));
    }

    private static boolean contradicts(SafetyState known, MessageKind kind, ConsensusRound at) {
        if (kind == MessageKind.ROUND_CHANGE) {
            return reached(known, MessageKind.PREPARE, at) || reached(known, MessageKind.COMMIT, at);
        }
        return known.last(MessageKind.ROUND_CHANGE)
                .filter(change -> change.at().compareTo(at) > 0)
                .isPresent();
    }

    private static boolean reached(SafetyState known, MessageKind kind, ConsensusRound at) {
        return known.last(kind).filter(mark -> mark.at().compareTo(at) >= 0).isPresent();
    }

    private boolean save(SafetyState next) {
        try {
            store.save(next);
        } catch (LocalFaultException e) {
            LOG.error("Nothing is signed, as the safety state cannot be written: {}", e.getMessage());
            return false;
        }
        state = Optional.of(next);
        return true;
    }
}
