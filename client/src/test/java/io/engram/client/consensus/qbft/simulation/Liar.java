package io.engram.client.consensus.qbft.simulation;

import io.engram.client.consensus.BlockSigner;
import io.engram.client.consensus.SignatureCodec;
import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.client.consensus.qbft.message.ConsensusRound;
import io.engram.client.consensus.qbft.message.MessageCodec;
import io.engram.client.consensus.qbft.message.Payload;
import io.engram.client.consensus.qbft.message.Payload.CommitPayload;
import io.engram.client.consensus.qbft.message.Payload.PreparePayload;
import io.engram.client.consensus.qbft.message.Payload.Prepared;
import io.engram.client.consensus.qbft.message.Payload.ProposalPayload;
import io.engram.client.consensus.qbft.message.Payload.RoundChangePayload;
import io.engram.client.consensus.qbft.message.PayloadCodec;
import io.engram.client.consensus.qbft.message.QbftMessage;
import io.engram.client.consensus.qbft.message.QbftMessage.Commit;
import io.engram.client.consensus.qbft.message.QbftMessage.Prepare;
import io.engram.client.consensus.qbft.message.QbftMessage.Proposal;
import io.engram.client.consensus.qbft.message.QbftMessage.RoundChange;
import io.engram.client.consensus.qbft.message.Signed;
import io.engram.client.consensus.qbft.message.WireEncoding;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes;

/**
 * What a Byzantine validator makes of the messages of an honest one that remembers nothing: withholds, garbles, replays,
 * says different things to different peers, supports every proposal at once, denies and invents certificates.
 */
final class Liar {

    private final World world;
    private final SimNode self;
    private final BlockSigner signer;

    Liar(World world, SimNode self) {
        this.world = world;
        this.self = self;
        this.signer = ToySignatures.signer(self.address());
    }

    void send(Set<Address> targets, int code, Bytes data) {
        RandomGenerator random = world.random();
        Optional<QbftMessage> message =
                self.decode(code, data).filter(own -> own.author().equals(self.address()));
        switch (random.nextInt(8)) {
            case 0 -> {}
            case 1 -> targets.forEach(to -> self.deliver(to, code, garbled(data)));
            case 2, 3 ->
                targets.forEach(to -> {
                    if (random.nextBoolean() && message.isPresent()) {
                        deliver(to, other(message.get()));
                    } else {
                        self.deliver(to, code, data);
                    }
                });
            case 4 -> {
                targets.forEach(to -> world.recall().ifPresent(old -> self.deliver(to, old.code(), old.data())));
                targets.forEach(to -> self.deliver(to, code, data));
            }
            case 5 ->
                targets.forEach(to -> {
                    if (random.nextBoolean()) {
                        self.deliver(to, code, data);
                    }
                });
            default -> targets.forEach(to -> self.deliver(to, code, data));
        }
    }

    /** Supports whatever is proposed, and asks for rounds that nobody else wants. */
    void hear(int code, Bytes data) {
        if (world.random().nextInt(3) == 0) {
            return;
        }
        Optional<QbftMessage> heard = self.decode(code, data);
        if (heard.isPresent() && heard.get() instanceof Proposal proposal) {
            Hash digest = proposal.signed().payload().block().digest();
            for (Address to : world.validators().addresses()) {
                deliver(to, new Prepare(sign(new PreparePayload(proposal.at(), digest))));
                deliver(to, commit(proposal.at(), digest));
                if (world.random().nextInt(10) == 0) {
                    deliver(to, inventedCertificate(proposal));
                }
            }
        }
    }

    private QbftMessage other(QbftMessage message) {
        return switch (message) {
            case Proposal proposal -> otherProposal(proposal);
            case Prepare prepare -> new Prepare(sign(new PreparePayload(prepare.at(), someDigest())));
            case Commit commit -> commit(commit.at(), someDigest());
            case RoundChange change ->
                new RoundChange(
                        sign(new RoundChangePayload(later(change.at()), Optional.empty())),
                        Optional.empty(),
                        List.of());
        };
    }

    private Proposal otherProposal(Proposal proposal) {
        BftBlock block = proposal.signed().payload().block();
        Hash transactions = world.randomHash();
        Hash inference = world.random().nextBoolean() ? Content.inference(transactions) : world.randomHash();
        Optional<SimNode> parent = world.nodes().stream()
                .filter(node -> node.header(block.header().parentHash()).isPresent())
                .findFirst();
        if (parent.isEmpty()) {
            return proposal;
        }
        Block made = Content.block(
                parent.get().header(block.header().parentHash()).orElseThrow(),
                block.header().timestamp(),
                self.address(),
                transactions,
                Content.state(
                        parent.get()
                                .header(block.header().parentHash())
                                .orElseThrow()
                                .stateRoot(),
                        transactions),
                inference,
                world.validators());
        BftBlock changed = Content.bft(made).withRound(proposal.at().round());
        boolean unjustified = world.random().nextInt(4) == 0;
        return new Proposal(
                sign(new ProposalPayload(proposal.at(), changed)),
                unjustified ? List.of() : proposal.roundChanges(),
                world.random().nextBoolean() ? List.of() : proposal.prepares());
    }

    /** A block that nobody prepared, with one prepare many times over. */
    private RoundChange inventedCertificate(Proposal proposal) {
        ConsensusRound at = proposal.at();
        Proposal fake = otherProposal(proposal);
        BftBlock block = fake.signed().payload().block();
        Signed<PreparePayload> prepare = sign(new PreparePayload(at, block.digest()));
        ConsensusRound next = new ConsensusRound(at.height(), at.round() + 1);
        return new RoundChange(
                sign(new RoundChangePayload(next, Optional.of(new Prepared(at.round(), block.digest())))),
                Optional.of(block),
                Collections.nCopies(world.validators().quorum(), prepare));
    }

    private ConsensusRound later(ConsensusRound at) {
        return new ConsensusRound(at.height(), at.round() + world.random().nextInt(50));
    }

    private Hash someDigest() {
        return world.recall()
                .flatMap(old -> self.decode(old.code(), old.data()))
                .filter(Proposal.class::isInstance)
                .map(old -> ((Proposal) old).signed().payload().block().digest())
                .orElseGet(world::randomHash);
    }

    private Commit commit(ConsensusRound at, Hash digest) {
        return new Commit(sign(new CommitPayload(at, digest, SignatureCodec.encode(signer.sign(digest)))));
    }

    private void deliver(Address to, QbftMessage message) {
        if (!to.equals(self.address())) {
            Bytes data = MessageCodec.encode(message, WireEncoding.ACCESS_LIST_SLOT);
            world.remember(message.kind().code(), data);
            self.deliver(to, message.kind().code(), data);
        }
    }

    private Bytes garbled(Bytes data) {
        byte[] bytes = data.toArray();
        int flips = 1 + world.random().nextInt(3);
        for (int i = 0; i < flips; i++) {
            bytes[world.random().nextInt(bytes.length)] ^=
                    (byte) (1 << world.random().nextInt(8));
        }
        return Bytes.wrap(bytes);
    }

    private <P extends Payload> Signed<P> sign(P payload) {
        Bytes encoded = PayloadCodec.encode(payload, WireEncoding.ACCESS_LIST_SLOT);
        return new Signed<>(
                payload, encoded, signer.sign(PayloadCodec.signingHash(payload.kind(), encoded)), self.address());
    }
}
