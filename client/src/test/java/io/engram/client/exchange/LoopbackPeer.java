package io.engram.client.exchange;

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

/** A node that speaks mdl on loopback and nothing else, and has nothing to give. */
@SuppressWarnings("this-escape") // nobody asks it anything before start()
public abstract class LoopbackPeer implements MdlBackend, MdlListener, AutoCloseable {

    protected final MdlProtocol mdl = new MdlProtocol(this, this);
    protected final PeerNetwork network = new PeerNetwork(
            KeyPair.random(new SecureRandom()), PeerOptions.of("test", 25), List.of(mdl), InstantSource.system());
    private Optional<EnodeUrl> enode = Optional.empty();

    /** When all that is asked of it is there. */
    protected final void start() throws IOException {
        int port = network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        enode = Optional.of(EnodeUrl.of(network.self(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        network.start();
    }

    public final void connect(LoopbackPeer other) {
        network.addCandidate(other.enode.orElseThrow());
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
        return Optional.empty();
    }

    @Override
    public Optional<List<Bytes>> inferenceOutputs(Hash blockHash) {
        return Optional.empty();
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
