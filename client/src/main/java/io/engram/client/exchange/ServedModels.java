package io.engram.client.exchange;

import io.engram.client.model.ModelStore;
import io.engram.genesis.Hash;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.commitment.MerkleTree;
import io.engram.p2p.mdl.ModelChunk;
import io.engram.p2p.mdl.ModelChunks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store's files in chunks with their paths. What is missing or damaged is not at hand. Thread-safe. */
final class ServedModels {

    private static final Logger LOG = LoggerFactory.getLogger(ServedModels.class);

    private final ModelStore store;
    private final ReentrantLock lock = new ReentrantLock();

    /** In order of last use. */
    private final LinkedHashMap<Hash, Sized> trees = new LinkedHashMap<>(16, 0.75f, true);

    /** The tree of a file of this length. */
    private record Sized(long bytes, MerkleTree tree) {}

    ServedModels(ModelStore store) {
        this.store = store;
    }

    ModelChunks chunks(Hash modelId, int first, int count) {
        try {
            Optional<Sized> found = tree(modelId);
            return found.isPresent() ? read(modelId, found.get(), first, count) : ModelChunks.NONE;
        } catch (NoSuchFileException e) {
            return ModelChunks.NONE;
        } catch (IOException e) {
            LOG.warn("Model {} cannot be given to others: {}", modelId, e.toString());
            return ModelChunks.NONE;
        }
    }

    private Optional<Sized> tree(Hash modelId) throws IOException {
        lock.lock();
        try {
            Sized known = trees.get(modelId);
            if (known != null) {
                return Optional.of(known);
            }
        } finally {
            lock.unlock();
        }
        Optional<byte[]> file = store.file(modelId);
        if (file.isEmpty() || file.get().length == 0) {
            return Optional.empty();
        }
        Sized built = new Sized(file.get().length, MerkleTree.ofChunks(file.get(), Commitments.MODEL_CHUNK));
        if (!Commitments.modelId(built.bytes(), built.tree().top()).equals(modelId)) {
            LOG.warn("Model {} is damaged and not given to others: {}", modelId, store.path(modelId));
            return Optional.empty();
        }
        lock.lock();
        try {
            trees.put(modelId, built);
            if (trees.size() > ExchangeLimits.TREES) {
                trees.pollFirstEntry();
            }
        } finally {
            lock.unlock();
        }
        return Optional.of(built);
    }

    private ModelChunks read(Hash modelId, Sized file, int first, int count) throws IOException {
        List<ModelChunk> chunks = new ArrayList<>();
        int end = (int) Math.min((long) first + count, file.tree().size());
        try (FileChannel channel = FileChannel.open(store.path(modelId), StandardOpenOption.READ)) {
            for (int index = first; index < end; index++) {
                ByteBuffer chunk = ByteBuffer.allocate(ChunkCheck.length(file.bytes(), index));
                long start = (long) index * Commitments.MODEL_CHUNK;
                while (chunk.hasRemaining()) {
                    if (channel.read(chunk, start + chunk.position()) < 0) {
                        throw new IOException(store.path(modelId) + " has become shorter");
                    }
                }
                chunks.add(new ModelChunk(
                        Bytes.wrap(chunk.array()), file.tree().proof(index).path()));
            }
        }
        return new ModelChunks(file.bytes(), chunks);
    }
}
