package io.engram.p2p.mdl;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.KeyPair;
import io.engram.p2p.peer.EnodeUrl;
import io.engram.p2p.peer.NodeId;
import io.engram.p2p.peer.PeerNetwork;
import io.engram.p2p.peer.PeerOptions;
import io.engram.p2p.peer.SubProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.tuweni.bytes.Bytes;

/** A node on loopback that speaks the protocol and writes down what it is told. */
final class MdlNode implements AutoCloseable, MdlListener {

    private static final int CAPACITY = 1_024;

    final BlockingQueue<MdlPeer> ready = new LinkedBlockingQueue<>(CAPACITY);
    final BlockingQueue<MdlPeer> gone = new LinkedBlockingQueue<>(CAPACITY);
    final BlockingQueue<HeldModels> held = new LinkedBlockingQueue<>(CAPACITY);
    final BlockingQueue<Bytes> signatures = new LinkedBlockingQueue<>(CAPACITY);
    final SampleModels models;
    final MdlProtocol mdl;
    final PeerNetwork network;
    private final int port;

    MdlNode(Hash inferenceConfigHash) throws IOException {
        models = new SampleModels(inferenceConfigHash);
        mdl = new MdlProtocol(models, this);
        network = network(mdl);
        port = listen(network);
    }

    /** A network that speaks one protocol. */
    static PeerNetwork network(SubProtocol protocol) {
        return new PeerNetwork(
                KeyPair.random(new SecureRandom()),
                PeerOptions.of("test", 25),
                List.of(protocol),
                InstantSource.system());
    }

    static int listen(PeerNetwork network) throws IOException {
        int port = network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        network.start();
        return port;
    }

    static EnodeUrl enode(NodeId id, int port) {
        return EnodeUrl.of(id, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    EnodeUrl enode() {
        return enode(network.self(), port);
    }

    Optional<MdlPeer> peer(MdlNode other) {
        return mdl.peers().stream()
                .filter(peer -> peer.peer().id().equals(other.network.self()))
                .findFirst();
    }

    @Override
    public void onReady(MdlPeer peer) {
        ready.add(peer);
    }

    @Override
    public void onGone(MdlPeer peer) {
        gone.add(peer);
    }

    @Override
    public void onHeld(MdlPeer peer) {
        held.add(peer.held());
    }

    @Override
    public void onAttestations(MdlPeer peer, Hash modelId, List<Bytes> sent) {
        signatures.addAll(sent);
    }

    @Override
    public void onSuspensions(MdlPeer peer, Hash modelId, boolean suspended, long nonce, List<Bytes> sent) {
        signatures.addAll(sent);
    }

    @Override
    public void close() {
        network.close();
    }
}
