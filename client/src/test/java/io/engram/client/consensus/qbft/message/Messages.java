package io.engram.client.consensus.qbft.message;

import io.engram.client.consensus.QbftHeaders;
import io.engram.client.consensus.SignatureCodec;
import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.ValidatorSet;
import io.engram.client.consensus.qbft.message.Payload.CommitPayload;
import io.engram.client.consensus.qbft.message.Payload.PreparePayload;
import io.engram.client.consensus.qbft.message.Payload.Prepared;
import io.engram.client.consensus.qbft.message.Payload.ProposalPayload;
import io.engram.client.consensus.qbft.message.Payload.RoundChangePayload;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.rlp.RlpException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;

/** Signed messages of four validators, to test with. */
public final class Messages {

    public static final List<SigningKey> KEYS =
            IntStream.rangeClosed(1, 4).mapToObj(SigningKey::of).toList();
    public static final ValidatorSet VALIDATORS =
            new ValidatorSet(KEYS.stream().map(SigningKey::address).toList());

    private Messages() {}

    public static SigningKey keyOf(Address validator) {
        return KEYS.stream()
                .filter(key -> key.address().equals(validator))
                .findFirst()
                .orElseThrow();
    }

    /** Blocks with another number of transactions are other blocks. */
    public static BftBlock block(long number, int round, Address proposer, int transactions) {
        try {
            return BftBlock.of(QbftHeaders.block(
                            QbftHeaders.header(number, number + transactions - 1, proposer, VALIDATORS), transactions))
                    .withRound(round);
        } catch (RlpException e) {
            throw new IllegalStateException(e);
        }
    }

    public static <P extends Payload> Signed<P> sign(P payload, SigningKey key, WireEncoding encoding) {
        Bytes encoded = PayloadCodec.encode(payload, encoding);
        return new Signed<>(
                payload, encoded, key.sign(PayloadCodec.signingHash(payload.kind(), encoded)), key.address());
    }

    public static <P extends Payload> Signed<P> sign(P payload, SigningKey key) {
        return sign(payload, key, WireEncoding.ACCESS_LIST_SLOT);
    }

    public static QbftMessage.Commit commit(ConsensusRound at, Hash digest, SigningKey key) {
        return new QbftMessage.Commit(
                sign(new CommitPayload(at, digest, SignatureCodec.encode(key.sign(digest))), key));
    }

    public static List<Signed<PreparePayload>> prepares(ConsensusRound at, Hash digest) {
        return KEYS.stream()
                .limit(3)
                .map(key -> sign(new PreparePayload(at, digest), key))
                .toList();
    }

    public static QbftMessage.RoundChange roundChange(ConsensusRound at, Optional<BftBlock> block, SigningKey key) {
        return new QbftMessage.RoundChange(
                sign(
                        new RoundChangePayload(
                                at, block.map(prepared -> new Prepared(prepared.round(), prepared.digest()))),
                        key),
                block,
                block.map(prepared -> prepares(new ConsensusRound(at.height(), prepared.round()), prepared.digest()))
                        .orElse(List.of()));
    }

    /** One of each kind, and those with certificates. */
    static List<QbftMessage> all(WireEncoding encoding) {
        ConsensusRound first = new ConsensusRound(7, 0);
        ConsensusRound second = new ConsensusRound(7, 1);
        SigningKey key = KEYS.getFirst();
        BftBlock block = block(7, 0, key.address(), 2);
        BftBlock again = block.withRound(1);
        List<QbftMessage.RoundChange> changes = KEYS.stream()
                .limit(3)
                .map(each -> roundChange(second, Optional.of(block), each))
                .toList();
        return List.of(
                new QbftMessage.Proposal(sign(new ProposalPayload(first, block), key, encoding), List.of(), List.of()),
                new QbftMessage.Proposal(
                        sign(new ProposalPayload(second, again), key, encoding),
                        changes.stream().map(QbftMessage.RoundChange::signed).toList(),
                        changes.getFirst().prepares()),
                new QbftMessage.Prepare(sign(new PreparePayload(first, block.digest()), key)),
                commit(first, block.digest(), key),
                roundChange(second, Optional.empty(), key),
                changes.getFirst());
    }
}
