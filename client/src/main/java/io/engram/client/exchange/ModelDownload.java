package io.engram.client.exchange;

import io.engram.client.model.ModelStore;
import io.engram.genesis.Hash;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.Model;
import io.engram.p2p.mdl.MdlPeer;
import io.engram.p2p.mdl.ModelChunk;
import io.engram.p2p.mdl.ModelChunks;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches one model from all peers that hold it, each chunk checked against the model's id when it comes. A peer whose chunk
 * does not belong is rejected. What came stays on disk when the download is broken off. Used by one thread.
 */
final class ModelDownload {

    private static final Logger LOG = LoggerFactory.getLogger(ModelDownload.class);

    private final Wanted wanted;
    private final ModelStore store;
    private final ChunkRate rate;
    private final Function<Hash, List<MdlPeer>> holders;
    private final LongAdder received;

    /** Peers that had nothing to give. */
    private final Set<MdlPeer> useless = ConcurrentHashMap.newKeySet();

    /**
     * @param holders the peers that say that they hold a model
     * @param received counts the chunks that are kept
     */
    ModelDownload(
            Wanted wanted,
            ModelStore store,
            ChunkRate rate,
            Function<Hash, List<MdlPeer>> holders,
            LongAdder received) {
        this.wanted = wanted;
        this.store = store;
        this.rate = rate;
        this.holders = holders;
        this.received = received;
    }

    /** How it ended. */
    sealed interface Outcome {
        /** The model is in the store. */
        record Held(Model model) implements Outcome {}

        /**
         * The model is not what it should be.
         *
         * @param forGood whether its content is at fault, and not what was announced of it
         */
        record Refused(String reason, boolean forGood) implements Outcome {}

        /** Nobody has more of it at present. */
        record Stalled(String reason) implements Outcome {}
    }

    Outcome run() throws IOException, InterruptedException {
        Hash id = wanted.modelId();
        store.removeIfDamaged(id);
        if (store.contains(id)) {
            return new Outcome.Held(store.load(id));
        }
        OptionalLong size = size();
        if (size.isEmpty()) {
            return new Outcome.Stalled("no peer has it");
        }
        long bytes = size.getAsLong();
        if (bytes > store.limits().maxModelBytes()) {
            return new Outcome.Refused(
                    bytes + " file bytes, the limit is " + store.limits().maxModelBytes(), true);
        }
        if (!wanted.sizes().contains(bytes)) {
            return new Outcome.Refused("the file has " + bytes + " bytes, announced are " + wanted.sizes(), false);
        }
        Files.createDirectories(store.folder());
        long free = Files.getFileStore(store.folder()).getUsableSpace();
        if (free - bytes < ExchangeLimits.FREE_BYTES) {
            return new Outcome.Stalled("the disk has " + free + " bytes left");
        }
        return fetch(bytes);
    }

    /** The length of the file, which the path of any chunk shows. */
    private OptionalLong size() throws InterruptedException {
        for (MdlPeer peer : holders.apply(wanted.modelId())) {
            try {
                ModelChunks first = peer.chunks(wanted.modelId(), 0, 1).get();
                if (first.chunks().isEmpty()) {
                    useless.add(peer);
                } else if (ChunkCheck.belongs(
                        wanted.modelId(), first.modelBytes(), 0, first.chunks().getFirst())) {
                    return OptionalLong.of(first.modelBytes());
                } else {
                    reject(peer);
                }
            } catch (ExecutionException e) {
                LOG.debug("{} gave nothing of model {}: {}", peer, wanted.modelId(), e.getMessage());
            }
        }
        return OptionalLong.empty();
    }

    private void reject(MdlPeer peer) {
        LOG.warn("{} sent what is not of model {}", peer, wanted.modelId());
        useless.add(peer);
        peer.reject();
    }

    private Outcome fetch(long bytes) throws IOException, InterruptedException {
        Hash id = wanted.modelId();
        ChunkPlan plan;
        PartialModel partial = PartialModel.open(store.folder(), id, bytes);
        try (partial) {
            plan = new ChunkPlan(ChunkCheck.chunks(bytes), partial.present());
            LOG.info("Model {}: {} of {} chunks are here", id, plan.arrived(), ChunkCheck.chunks(bytes));
            int fruitless = 0;
            while (!plan.isComplete() && fruitless < ExchangeLimits.FRUITLESS_ROUNDS) {
                int before = plan.arrived();
                round(plan, partial);
                fruitless = plan.arrived() == before ? fruitless + 1 : 0;
            }
            partial.sync();
        }
        if (!plan.isComplete()) {
            return new Outcome.Stalled("peers gave " + plan.arrived() + " of " + ChunkCheck.chunks(bytes) + " chunks");
        }
        try {
            Optional<Model> adopted = store.adopt(partial.file(), id);
            PartialModel.delete(store.folder(), id);
            return adopted.<Outcome>map(Outcome.Held::new)
                    .orElseGet(() -> new Outcome.Stalled("what an earlier run left was damaged"));
        } catch (MalformedModelException e) {
            PartialModel.delete(store.folder(), id);
            return new Outcome.Refused(String.valueOf(e.getMessage()), true);
        }
    }

    /** Asks all holders for a while. */
    private void round(ChunkPlan plan, PartialModel partial) throws InterruptedException {
        long end = System.nanoTime() + ExchangeLimits.ROUND.toNanos();
        List<MdlPeer> peers = holders.apply(wanted.modelId()).stream()
                .filter(peer -> !useless.contains(peer))
                .limit(ExchangeLimits.PEERS_PER_MODEL)
                .toList();
        if (peers.isEmpty()) {
            useless.clear();
            Thread.sleep(ExchangeLimits.ROUND);
            return;
        }
        try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
            for (MdlPeer peer : peers) {
                for (int i = 0; i < ExchangeLimits.REQUESTS_PER_PEER; i++) {
                    requests.execute(() -> ask(peer, plan, partial, end));
                }
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void ask(MdlPeer peer, ChunkPlan plan, PartialModel partial, long end) {
        try {
            Optional<ChunkPlan.Run> run = plan.take();
            while (run.isPresent()) {
                boolean more;
                try {
                    more = transfer(peer, run.get(), plan, partial);
                } finally {
                    plan.giveBack(run.get());
                }
                run = more && System.nanoTime() < end ? plan.take() : Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("Model {} cannot be written: {}", wanted.modelId(), e.toString());
        }
    }

    /** @return whether the peer is worth another request */
    private boolean transfer(MdlPeer peer, ChunkPlan.Run run, ChunkPlan plan, PartialModel partial)
            throws InterruptedException, IOException {
        if (useless.contains(peer)) {
            return false;
        }
        rate.await(run.count());
        ModelChunks answer;
        try {
            answer = peer.chunks(wanted.modelId(), run.first(), run.count()).get();
        } catch (ExecutionException e) {
            LOG.debug("{} gave nothing of model {}: {}", peer, wanted.modelId(), e.getMessage());
            useless.add(peer);
            return false;
        }
        List<ModelChunk> chunks = answer.chunks();
        if (chunks.isEmpty()) {
            useless.add(peer);
            return false;
        }
        int sound = sound(run.first(), chunks, partial.modelBytes());
        if (sound > 0) {
            partial.write(run.first(), chunks.subList(0, sound));
            plan.arrived(run.first(), sound);
            received.add(sound);
        }
        if (sound < chunks.size()) {
            reject(peer);
            return false;
        }
        return true;
    }

    /** How many chunks at the beginning belong to the model. */
    private int sound(int first, List<ModelChunk> chunks, long modelBytes) {
        int sound = 0;
        while (sound < chunks.size()
                && ChunkCheck.belongs(wanted.modelId(), modelBytes, first + sound, chunks.get(sound))) {
            sound++;
        }
        return sound;
    }
}
