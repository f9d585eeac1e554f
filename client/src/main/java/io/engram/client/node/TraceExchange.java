package io.engram.client.node;

import io.engram.client.chain.ChainAssembly;
import io.engram.client.divergence.DivergenceLog;
import io.engram.client.divergence.DivergenceReporter;
import io.engram.client.divergence.ServedTraces;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InferenceConfigHash;
import io.engram.p2p.mdl.HeldModels;
import io.engram.p2p.mdl.MdlBackend;
import io.engram.p2p.mdl.MdlListener;
import io.engram.p2p.mdl.MdlPeer;
import io.engram.p2p.mdl.MdlProtocol;
import io.engram.p2p.mdl.ModelChunks;
import io.engram.p2p.peer.SubProtocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/** The traces of inferences over {@code mdl/1}: given to others, and asked for where this node's inferences differ. */
final class TraceExchange implements AutoCloseable {

    private final MdlProtocol protocol;
    private final DivergenceReporter reporter;

    TraceExchange(Node node, InferenceConfig config) {
        this.protocol = new MdlProtocol(new Backend(InferenceConfigHash.of(config), node.traces()), new Silence());
        ChainAssembly.ReferenceRuns reference = node.reference().orElseThrow();
        this.reporter = new DivergenceReporter(
                reference.replay(), reference.engine(), node.engine(), new MdlTraces(protocol::peers));
        node.disagreements().onDisagreement(reporter::onDisagreement);
    }

    SubProtocol protocol() {
        return protocol;
    }

    DivergenceLog found() {
        return reporter.found();
    }

    @Override
    public void close() {
        reporter.close();
    }

    /** Gives traces, and no models. */
    private record Backend(Hash inferenceConfigHash, ServedTraces traces) implements MdlBackend {

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
            return traces.receipts(blockHash);
        }

        @Override
        public Optional<List<Bytes>> steps(Hash blockHash, int inference) {
            return traces.steps(blockHash, inference);
        }
    }

    /** Peers are asked, not listened to. */
    private static final class Silence implements MdlListener {

        @Override
        public void onReady(MdlPeer peer) {
            // The protocol lists it.
        }

        @Override
        public void onGone(MdlPeer peer) {
            // The protocol lists it no more.
        }

        @Override
        public void onHeld(MdlPeer peer) {
            // Models are not fetched here.
        }

        @Override
        public void onAttestations(MdlPeer peer, Hash modelId, List<Bytes> signatures) {
            // Models are not attested here.
        }
    }
}
