package io.engram.p2p.mdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Hash;
import io.engram.p2p.mdl.MdlMessage.Chunks;
import io.engram.p2p.mdl.MdlMessage.GetChunks;
import io.engram.p2p.peer.Answer;
import io.engram.p2p.peer.Eventually;
import io.engram.p2p.peer.Peer;
import io.engram.p2p.peer.PeerNetwork;
import io.engram.p2p.peer.PendingRequests;
import io.engram.p2p.peer.RequestException;
import io.engram.p2p.peer.SubProtocol;
import io.engram.p2p.peer.WireException;
import io.engram.p2p.rlpx.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that exchange models over real sockets. */
class MdlProtocolTest {

    private static final Hash RULES = new Hash(0, 0, 0, 1);
    private static final Hash MODEL = new Hash(0, 0, 0, 5);

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable node : open) {
            node.close();
        }
    }

    private <T extends AutoCloseable> T track(T node) {
        open.add(node);
        return node;
    }

    private MdlNode node() throws Exception {
        return track(new MdlNode(RULES));
    }

    private static MdlPeer connect(MdlNode from, MdlNode to) throws Exception {
        from.network.addPersistent(to.enode());
        Eventually.holds(
                "connected", () -> from.peer(to).isPresent() && to.peer(from).isPresent());
        return from.peer(to).orElseThrow();
    }

    private static <T> T answer(CompletableFuture<T> request) throws Exception {
        return request.get(15, TimeUnit.SECONDS);
    }

    @Test
    void aNodeLearnsWhatItsPeerHoldsAndFetchesIt() throws Exception {
        MdlNode holder = node();
        byte[] file = new byte[3 * MdlLimits.CHUNK_BYTES + 5];
        new Random(1).nextBytes(file);
        holder.models.add(MODEL, Bytes.wrap(file));
        MdlNode other = node();
        MdlPeer peer = connect(other, holder);
        Eventually.holds("told", () -> peer.held().models().equals(Set.of(MODEL)));
        assertThat(peer.held().activeRoot()).isEqualTo(new Hash(0, 0, 1, 1));

        ModelChunks first = answer(peer.chunks(MODEL, 0, 2));
        ModelChunks rest = answer(peer.chunks(MODEL, 2, 16));
        assertThat(first.modelBytes()).isEqualTo(file.length);
        assertThat(first.chunks()).hasSize(2);
        assertThat(rest.chunks()).hasSize(2);
        List<Bytes> pieces = new ArrayList<>();
        first.chunks().forEach(chunk -> pieces.add(chunk.data()));
        rest.chunks().forEach(chunk -> pieces.add(chunk.data()));
        assertThat(Bytes.concatenate(pieces)).isEqualTo(Bytes.wrap(file));
        assertThat(answer(peer.chunks(MODEL, 4, 1)).chunks()).isEmpty();
        assertThat(answer(peer.chunks(RULES, 0, 1))).isEqualTo(ModelChunks.NONE);
    }

    @Test
    void whatANodeHoldsLaterIsTold() throws Exception {
        MdlNode holder = node();
        MdlNode other = node();
        MdlPeer peer = connect(other, holder);
        holder.models.add(MODEL, Bytes.of(1));
        holder.mdl.announceHeld();
        Eventually.holds("told", () -> peer.held().models().contains(MODEL));
        assertThat(other.held).isNotEmpty();
    }

    @Test
    void receiptsOutputsStepsAndSignaturesTravel() throws Exception {
        MdlNode proposer = node();
        MdlNode other = node();
        MdlPeer peer = connect(other, proposer);
        assertThat(answer(peer.inferenceReceipts(SampleModels.BLOCK))).isEqualTo(SampleModels.RECEIPTS);
        assertThat(answer(peer.inferenceReceipts(MODEL))).isEmpty();
        assertThat(answer(peer.inferenceOutputs(SampleModels.BLOCK))).isEqualTo(SampleModels.OUTPUTS);
        assertThat(answer(peer.inferenceOutputs(MODEL))).isEmpty();
        assertThat(answer(peer.steps(SampleModels.BLOCK, 1, 2))).isEqualTo(SampleModels.STEPS);
        assertThat(answer(peer.steps(SampleModels.BLOCK, 2, 2))).isEmpty();
        Bytes signature = Bytes.repeat((byte) 9, MdlLimits.SIGNATURE_BYTES);
        peer.sendAttestations(MODEL, List.of(signature));
        assertThat(Eventually.next(proposer.signatures)).isEqualTo(signature);
        peer.sendSuspension(MODEL, true, 3, List.of(signature));
        assertThat(Eventually.next(proposer.signatures)).isEqualTo(signature);
    }

    @Test
    void moreStepsThanTheModelHasAreNoAnswer() throws Exception {
        MdlNode proposer = node();
        MdlPeer peer = connect(node(), proposer);
        assertThatThrownBy(() -> answer(peer.steps(SampleModels.BLOCK, 1, 1)))
                .hasCauseInstanceOf(RequestException.class);
    }

    @Test
    void aPeerWithOtherRulesIsDisconnected() throws Exception {
        MdlNode node = node();
        MdlNode stranger = track(new MdlNode(MODEL));
        stranger.network.addCandidate(node.enode());
        Eventually.holds("they met", () -> !stranger.network.peers().isEmpty());
        Eventually.holds("and parted", () -> stranger.network.peers().isEmpty());
        assertThat(node.ready).isEmpty();
        assertThat(stranger.ready).isEmpty();
    }

    @Test
    void aRejectedPeerIsDropped() throws Exception {
        MdlNode node = node();
        MdlPeer peer = connect(node(), node);
        peer.reject();
        Eventually.next(node.gone);
    }

    /** Answers a request for chunks with one more than was asked for, and nothing else. */
    private static final class Generous implements SubProtocol {
        private final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>(16);

        @Override
        public Map<Capability, Integer> versions() {
            return Map.of(MdlProtocol.VERSION, MdlCodec.MESSAGES);
        }

        @Override
        public void onConnected(Peer peer, Capability version) {
            peers.add(peer);
            peer.send(version, MdlCodec.STATUS, MdlCodec.encodeStatus(new MdlStatus(RULES, RULES)));
        }

        @Override
        public void onMessage(Peer peer, Capability version, int code, Bytes payload) throws WireException {
            if (code != MdlCodec.STATUS && MdlCodec.decode(code, payload) instanceof GetChunks get) {
                ModelChunk chunk = new ModelChunk(Bytes.of(1), List.of());
                MdlCodec.Encoded encoded =
                        MdlCodec.encode(new Chunks(get.requestId(), 1, Collections.nCopies(get.count() + 1, chunk)));
                peer.send(version, encoded.code(), encoded.payload());
            }
        }

        @Override
        public void onDisconnected(Peer peer, Capability version) {}
    }

    @Test
    void morePiecesThanAskedForSpeakAgainstThePeer() throws Exception {
        MdlNode node = node();
        PeerNetwork generous = track(MdlNode.network(new Generous()));
        node.network.addCandidate(MdlNode.enode(generous.self(), MdlNode.listen(generous)));
        MdlPeer peer = Eventually.next(node.ready);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> answer(peer.chunks(MODEL, 0, 2))).hasCauseInstanceOf(RequestException.class);
        }
        Eventually.next(node.gone);
    }

    @Test
    void aRequestThatIsNotAnsweredFails() throws Exception {
        MdlNode node = node();
        MdlPeer peer = connect(node(), node);
        PendingRequests requests = new PendingRequests(peer.peer(), 1, Duration.ofMillis(20));
        CompletableFuture<Answer> waiting = requests.open(Chunks.class, 1).answer();
        assertThatThrownBy(() -> answer(requests.open(Chunks.class, 1).answer()))
                .hasRootCauseMessage("too many requests to " + peer);
        assertThatThrownBy(() -> answer(waiting)).hasCauseInstanceOf(RequestException.class);
        requests.close();
        assertThatThrownBy(() -> answer(requests.open(Chunks.class, 1).answer()))
                .hasRootCauseMessage(peer + " is gone");
    }
}
