package io.engram.client.sealed;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.KeyPair;
import io.engram.p2p.mdl.HeldModels;
import io.engram.p2p.mdl.MdlBackend;
import io.engram.p2p.mdl.MdlListener;
import io.engram.p2p.mdl.MdlPeer;
import io.engram.p2p.mdl.MdlProtocol;
import io.engram.p2p.mdl.ModelChunks;
import io.engram.p2p.peer.EnodeUrl;
import io.engram.p2p.peer.PeerNetwork;
import io.engram.p2p.peer.PeerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/** A node that speaks mdl on loopback, and says of every block what it is told to. */
final class ClaimingPeer implements MdlBackend, MdlListener, AutoCloseable {

    final MdlProtocol mdl;
    volatile List<Bytes> receipts = List.of();
    volatile List<Bytes> outputs = List.of();

    private final PeerNetwork network;
    private final EnodeUrl enode;

    ClaimingPeer() throws IOException {
        mdl = new MdlProtocol(this, this);
        network = new PeerNetwork(
                KeyPair.random(new SecureRandom()), PeerOptions.of("test", 25), List.of(mdl), InstantSource.system());
        int port = network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        enode = EnodeUrl.of(network.self(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        network.start();
    }

    void connect(ClaimingPeer other) {
        network.addCandidate(other.enode);
    }

    boolean sees(ClaimingPeer other) {
        return mdl.peers().stream().anyMatch(peer -> peer.peer().id().equals(other.network.self()));
    }

    @Override
    public Hash inferenceConfigHash() {
        return Hash.ZERO;
    }

    @Override
    public HeldModels held() {
        return new HeldModels(Hash.ZERO, Set.of());
    }

    @Override
    public ModelChunks chunks(Hash modelId, int first, int count) {
        return ModelChunks.NONE;
    }

    @Override
    public Optional<List<Bytes>> inferenceReceipts(Hash blockHash) {
        return Optional.of(receipts);
    }

    @Override
    public Optional<List<Bytes>> inferenceOutputs(Hash blockHash) {
        return Optional.of(outputs);
    }

    @Override
    public Optional<List<Bytes>> steps(Hash blockHash, int inference) {
        return Optional.empty();
    }

    @Override
    public void onReady(MdlPeer peer) {}

    @Override
    public void onGone(MdlPeer peer) {}

    @Override
    public void onHeld(MdlPeer peer) {}

    @Override
    public void onAttestations(MdlPeer peer, Hash modelId, List<Bytes> signatures) {}

    @Override
    public void onSuspensions(MdlPeer peer, Hash modelId, boolean suspended, long nonce, List<Bytes> signatures) {}

    @Override
    public void close() {
        network.close();
    }
}
