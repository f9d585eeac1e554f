package io.engram.client.exchange;

import io.engram.client.chain.Blockchain;
import io.engram.client.consensus.BlockSigner;
import io.engram.client.model.ModelStore;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InferenceConfigHash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Signature;
import io.engram.inference.model.Model;
import io.engram.p2p.mdl.HeldModels;
import io.engram.p2p.mdl.MdlBackend;
import io.engram.p2p.mdl.MdlLimits;
import io.engram.p2p.mdl.MdlListener;
import io.engram.p2p.mdl.MdlPeer;
import io.engram.p2p.mdl.MdlProtocol;
import io.engram.p2p.mdl.ModelChunks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's part in the distribution of models: it watches the registry, fetches what the chain may call, and as a
 * validator what is announced; checks and signs it; passes signatures on; gives its files to others. Thread-safe.
 *
 * <p>All decisions are made by one thread that looks at the chain, the folder and the peers again and again; what happens
 * elsewhere only wakes it.
 */
public final class ModelExchange implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelExchange.class);

    private final ModelStore store;
    private final Hash configHash;
    private final InferenceTraces traces;
    private final ServedModels served;
    private final RegistryWatch registry;
    private final MdlProtocol protocol;
    private final ModelDownloads downloads;
    private final AttestationDesk desk;
    private final SuspensionDesk suspensions;

    /** Models that blocks called in vain. */
    private final Set<Hash> needed = ConcurrentHashMap.newKeySet();

    private final ModelGate gate =
            new ModelGate(this::awaited, id -> !holders(id).isEmpty());

    /** Models that this or a later block may call, and that are not here. */
    private volatile Set<Hash> absent = Set.of();

    private final BlockingQueue<Boolean> wakeUps = new ArrayBlockingQueue<>(1);
    private final Thread watch = Thread.ofVirtual().name("models").unstarted(this::watchUntilClosed);
    private volatile HeldModels held = new HeldModels(Hash.ZERO, Set.of());

    /** What a validator signs of a model whose terms are the file's. */
    @FunctionalInterface
    public interface AttestationDigest {
        Hash of(Model model);
    }

    /** What a validator signs to suspend a model, or to let it go on. */
    @FunctionalInterface
    public interface SuspensionDigest {
        Hash of(Suspension change);
    }

    /** @param signer where this node attests as a validator */
    public ModelExchange(
            Blockchain chain,
            ModelStore store,
            InferenceConfig config,
            AttestationDigest digests,
            SuspensionDigest suspensionDigests,
            Optional<BlockSigner> signer,
            InferenceTraces traces) {
        this.store = store;
        this.configHash = InferenceConfigHash.of(config);
        this.traces = traces;
        this.served = new ServedModels(store);
        this.registry = new RegistryWatch(chain, config.announcementExpiry(), this::wake);
        this.protocol = new MdlProtocol(new Backend(), new Listener());
        this.downloads = new ModelDownloads(store, this::holders, this::wake);
        this.desk = new AttestationDesk(store, digests, signer, protocol::peers);
        this.suspensions = new SuspensionDesk(suspensionDigests, protocol::peers);
    }

    /** To be given to the peer network. */
    public MdlProtocol protocol() {
        return protocol;
    }

    public void start() {
        registry.start();
        watch.start();
        downloads.start();
    }

    /** A block calls a model that is not here: it is fetched before all others. Returns at once. */
    public void need(Hash modelId) {
        if (needed.size() < ExchangeLimits.WANTED && needed.add(modelId)) {
            wake();
        }
    }

    /** Why this node does not take a model. */
    public Optional<String> refusal(Hash modelId) {
        return desk.fault(modelId).or(() -> downloads.refusal(modelId));
    }

    /** Whether the model is announced, or a quorum has signed it, at the head. */
    public boolean isKnown(Hash modelId) {
        return registry.isKnown(modelId);
    }

    /** A model file was added to the store: it is offered to others, and signed where it is due. */
    public void added() {
        wake();
    }

    /**
     * How far a model's attestation has come.
     *
     * @param quorum signatures needed
     * @param signatures by validators in force, in ascending order of their addresses
     * @param holders connected nodes that hold the file
     * @param chunksSent pieces of the file that this node has given to others
     */
    public record Progress(int quorum, SortedMap<Address, Signature> signatures, int holders, long chunksSent) {}

    public Progress progress(Hash modelId) {
        RegistryView view = registry.view();
        return new Progress(
                view.quorum(),
                desk.signatures(modelId, view.validators()),
                holders(modelId).size(),
                served.sent(modelId));
    }

    /** The change of a model that validators may sign now; empty when no quorum has attested it, or it is retired. */
    public Optional<Suspension> suspension(Hash modelId) {
        return suspensions.possible(modelId);
    }

    /** How far the signatures of a change have come. */
    public Progress progress(Suspension change) {
        RegistryView view = registry.view();
        return new Progress(
                view.quorum(),
                suspensions.signatures(change, view.validators()),
                holders(change.modelId()).size(),
                served.sent(change.modelId()));
    }

    /**
     * Takes a validator's signature of a change, and passes it on.
     *
     * @param signature r ‖ s ‖ v, v 0 or 1
     * @return why it is not taken
     */
    public Optional<String> sign(Suspension change, Bytes signature) {
        return suspensions.sign(change, signature, registry.view().validators());
    }

    /** Models that the next block may call. */
    public Set<Hash> active() {
        return registry.view().active(registry.nextBlock());
    }

    /** Active models that are not here. */
    public Set<Hash> lacking() {
        Set<Hash> lacking = new TreeSet<>(active());
        lacking.removeAll(held.models());
        return lacking;
    }

    /** Chunks of model files that this node has given to others since its start. */
    public long chunksSent() {
        return served.sent();
    }

    /** Chunks of model files that others have given to this node since its start. */
    public long chunksReceived() {
        return downloads.received();
    }

    /**
     * Waits before a block of others is executed until the models that it may call are here, for each no longer than
     * {@link ExchangeLimits#GATE}, and while nobody gives it no longer than {@link ExchangeLimits#GATE_UNOFFERED}.
     */
    public void awaitModels(long block) throws InterruptedException {
        gate.await(block);
    }

    /** Models that the block of this number may call, that are not here, and that this node would take. */
    private Set<Hash> awaited(long block) {
        if (registry.hasChanged()) {
            registry.refresh();
            absent = absent(store::contains);
        }
        Set<Hash> lacking = new HashSet<>();
        for (Hash id : absent) {
            boolean due = registry.view().isActive(id, block) && !store.contains(id);
            if (due && downloads.refusal(id).isEmpty()) {
                lacking.add(id);
            }
        }
        return lacking;
    }

    private Set<Hash> absent(Predicate<Hash> isHere) {
        Set<Hash> callable = registry.view().callable(registry.nextBlock());
        callable.removeIf(isHere);
        return callable;
    }

    /** Active models that a peer does not say it holds, on its list or by the root of the set. */
    public Set<Hash> lacking(MdlPeer peer) {
        HeldModels others = peer.held();
        Set<Hash> lacking = new TreeSet<>(active());
        if (others.activeRoot().equals(root(lacking, lacking))) {
            return Set.of();
        }
        lacking.removeAll(others.models());
        return lacking;
    }

    private List<MdlPeer> holders(Hash modelId) {
        return protocol.peers().stream()
                .filter(peer -> peer.held().models().contains(modelId))
                .toList();
    }

    private void wake() {
        boolean _ = wakeUps.offer(true);
    }

    private void watchUntilClosed() {
        try {
            long told = System.nanoTime();
            while (true) {
                boolean due = System.nanoTime() - told > ExchangeLimits.TELL.toNanos();
                try {
                    if (due) {
                        downloads.clean();
                    }
                    if (look() || due) {
                        protocol.announceHeld();
                        told = System.nanoTime();
                    }
                } catch (IOException | LocalFaultException e) {
                    LOG.warn("The models of this node cannot be looked after: {}", e.toString());
                } catch (RuntimeException e) {
                    LOG.error("The models of this node cannot be looked after", e);
                }
                Boolean _ = wakeUps.poll(ExchangeLimits.LOOK.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether what this node holds, or takes signatures of, has changed */
    private boolean look() throws IOException {
        registry.refresh();
        RegistryView view = registry.view();
        long nextBlock = registry.nextBlock();
        List<Announcement> announcements = registry.announcements();
        Set<Hash> here = new HashSet<>(store.list());
        absent = absent(here::contains);
        downloads.want(wanted(here, view, announcements));
        boolean attestable = desk.look(here, view, announcements);
        suspensions.look(view, nextBlock);
        HeldModels now = new HeldModels(
                root(view.active(nextBlock), here),
                here.stream().sorted().limit(MdlLimits.HELD).collect(Collectors.toSet()));
        boolean changed = attestable || !now.equals(held);
        held = now;
        desk.pay();
        suspensions.pay();
        return changed;
    }

    /** Commits to the active models that are here: keccak over their ids in ascending order. */
    private static Hash root(Set<Hash> active, Set<Hash> here) {
        return Keccak256.hash(Bytes.concatenate(active.stream()
                .filter(here::contains)
                .sorted()
                .map(Hash::toBytes)
                .toArray(Bytes[]::new)));
    }

    private List<Wanted> wanted(Set<Hash> here, RegistryView view, List<Announcement> announcements) {
        List<Wanted> wanted = new ArrayList<>();
        for (Hash id : List.copyOf(needed)) {
            if (here.contains(id) && isSound(id)) {
                needed.remove(id);
            } else {
                view.size(id).ifPresent(bytes -> wanted.add(new Wanted(id, Wanted.Priority.NEEDED, Set.of(bytes))));
            }
        }
        for (Hash id : absent) {
            view.size(id).ifPresent(bytes -> wanted.add(new Wanted(id, Wanted.Priority.ATTESTED, Set.of(bytes))));
        }
        if (desk.isValidator(view)) {
            Map<Hash, Set<Long>> sizes = new HashMap<>();
            for (Announcement announcement : announcements) {
                Hash id = announcement.modelId();
                if (!here.contains(id) && !view.attested().containsKey(id)) {
                    sizes.computeIfAbsent(id, _ -> new HashSet<>()).add(announcement.modelBytes());
                }
            }
            sizes.forEach((id, bytes) -> wanted.add(new Wanted(id, Wanted.Priority.ANNOUNCED, bytes)));
        }
        return wanted;
    }

    private boolean isSound(Hash id) {
        try {
            return store.load(id).id().equals(id);
        } catch (LocalFaultException e) {
            return false;
        }
    }

    private final class Backend implements MdlBackend {
        @Override
        public Hash inferenceConfigHash() {
            return configHash;
        }

        @Override
        public HeldModels held() {
            return held;
        }

        @Override
        public ModelChunks chunks(Hash modelId, int first, int count) {
            return served.chunks(modelId, first, count);
        }

        @Override
        public Optional<List<Bytes>> inferenceReceipts(Hash blockHash) {
            return traces.receipts(blockHash);
        }

        @Override
        public Optional<List<Bytes>> inferenceOutputs(Hash blockHash) {
            return traces.outputs(blockHash);
        }

        @Override
        public Optional<List<Bytes>> steps(Hash blockHash, int inference) {
            return traces.steps(blockHash, inference);
        }
    }

    private final class Listener implements MdlListener {
        @Override
        public void onReady(MdlPeer peer) {}

        @Override
        public void onGone(MdlPeer peer) {
            desk.forget(peer);
            suspensions.forget(peer);
        }

        @Override
        public void onHeld(MdlPeer peer) {
            desk.owe(peer);
            suspensions.owe(peer);
            wake();
        }

        @Override
        public void onAttestations(MdlPeer peer, Hash modelId, List<Bytes> signatures) {
            desk.take(peer, modelId, signatures, registry.view().validators());
        }

        @Override
        public void onSuspensions(MdlPeer peer, Hash modelId, boolean suspended, long nonce, List<Bytes> signatures) {
            suspensions.take(
                    peer,
                    new Suspension(modelId, suspended, nonce),
                    signatures,
                    registry.view().validators());
        }
    }

    @Override
    public void close() {
        watch.interrupt();
        registry.close();
        downloads.close();
        try {
            watch.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
