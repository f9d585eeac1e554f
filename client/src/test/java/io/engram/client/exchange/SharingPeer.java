package io.engram.client.exchange;

import io.engram.client.model.ModelStore;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.crypto.KeyPair;
import io.engram.p2p.mdl.HeldModels;
import io.engram.p2p.mdl.MdlBackend;
import io.engram.p2p.mdl.MdlListener;
import io.engram.p2p.mdl.MdlPeer;
import io.engram.p2p.mdl.MdlProtocol;
import io.engram.p2p.mdl.ModelChunk;
import io.engram.p2p.mdl.ModelChunks;
import io.engram.p2p.peer.EnodeUrl;
import io.engram.p2p.peer.PeerNetwork;
import io.engram.p2p.peer.PeerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tuweni.bytes.Bytes;

/** A node with a model store that speaks mdl on loopback, and nothing else. */
final class SharingPeer implements MdlBackend, MdlListener, AutoCloseable {

    final ModelStore store;
    final MdlProtocol mdl;
    final PeerNetwork network;

    /** Chunks given to others. */
    final AtomicInteger given = new AtomicInteger();

    /** Chunks that are given at most. */
    volatile int supply = Integer.MAX_VALUE;

    /** Whether every second chunk is spoilt. */
    volatile boolean corrupt;

    private final ServedModels served;
    private final EnodeUrl enode;

    SharingPeer(Path folder) throws IOException {
        store = new ModelStore(folder, InferenceConfig.Limits.DEFAULT, 0);
        served = new ServedModels(store);
        mdl = new MdlProtocol(this, this);
        network = new PeerNetwork(
                KeyPair.random(new SecureRandom()), PeerOptions.of("test", 25), List.of(mdl), InstantSource.system());
        int port = network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        enode = EnodeUrl.of(network.self(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        network.start();
    }

    void connect(SharingPeer other) {
        network.addCandidate(other.enode);
    }

    List<MdlPeer> holders(Hash modelId) {
        return mdl.peers().stream()
                .filter(peer -> peer.held().models().contains(modelId))
                .toList();
    }

    @Override
    public Hash inferenceConfigHash() {
        return Hash.ZERO;
    }

    @Override
    public HeldModels held() {
        try {
            return new HeldModels(Hash.ZERO, Set.copyOf(store.list()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ModelChunks chunks(Hash modelId, int first, int count) {
        int left = supply - given.get();
        if (left <= 0) {
            return ModelChunks.NONE;
        }
        ModelChunks sound = served.chunks(modelId, first, Math.min(count, left));
        given.addAndGet(sound.chunks().size());
        return corrupt && first > 0 ? new ModelChunks(sound.modelBytes(), spoilt(sound.chunks())) : sound;
    }

    private static List<ModelChunk> spoilt(List<ModelChunk> chunks) {
        return chunks.stream()
                .map(chunk -> new ModelChunk(chunk.data().not(), chunk.path()))
                .toList();
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
