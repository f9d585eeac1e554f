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
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's files in chunks with their paths. Each chunk is checked before it is given away, as a peer that sends wrong ones is
 * dropped; a file that turns out to be damaged is removed, so that it is fetched again. Thread-safe.
 */
final class ServedModels {

    private static final Logger LOG = LoggerFactory.getLogger(ServedModels.class);

    private final ModelStore store;
    private final ReentrantLock lock = new ReentrantLock();

    /** In order of last use. */
    private final LinkedHashMap<Hash, Served> served = new LinkedHashMap<>(16, 0.75f, true);

    private final LongAdder sent = new LongAdder();

    /** A file that was asked for. Its tree is built by the first who asks, while the others wait. */
    private static final class Served {
        private final ReentrantLock building = new ReentrantLock();
        private final AtomicLong sent = new AtomicLong();
        private Optional<Sized> tree = Optional.empty();
    }

    /** The tree of a file of this length. */
    private record Sized(long bytes, MerkleTree tree) {}

    ServedModels(ModelStore store) {
        this.store = store;
    }

    ModelChunks chunks(Hash modelId, int first, int count) {
        try {
            Served file = find(modelId);
            Optional<Sized> tree = tree(modelId, file);
            if (tree.isEmpty()) {
                forget(modelId, file);
                return ModelChunks.NONE;
            }
            ModelChunks read = read(modelId, tree.get(), first, count);
            if (!isSound(modelId, first, read)) {
                forget(modelId, file);
                removeDamaged(modelId);
                return ModelChunks.NONE;
            }
            file.sent.addAndGet(read.chunks().size());
            sent.add(read.chunks().size());
            return read;
        } catch (NoSuchFileException e) {
            return ModelChunks.NONE;
        } catch (IOException e) {
            LOG.warn("Model {} cannot be given to others: {}", modelId, e.toString());
            return ModelChunks.NONE;
        }
    }

    /** Chunks given to others, of all models. */
    long sent() {
        return sent.sum();
    }

    /** Chunks of this model given to others since it was first asked for, or asked for again after many others. */
    long sent(Hash modelId) {
        lock.lock();
        try {
            Served file = served.get(modelId);
            return file == null ? 0 : file.sent.get();
        } finally {
            lock.unlock();
        }
    }

    private Served find(Hash modelId) {
        lock.lock();
        try {
            Served file = served.computeIfAbsent(modelId, _ -> new Served());
            if (served.size() > ExchangeLimits.TREES) {
                served.pollFirstEntry();
            }
            return file;
        } finally {
            lock.unlock();
        }
    }

    private void forget(Hash modelId, Served file) {
        lock.lock();
        try {
            served.remove(modelId, file);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Sized> tree(Hash modelId, Served file) throws IOException {
        file.building.lock();
        try {
            if (file.tree.isEmpty()) {
                file.tree = build(modelId);
            }
            return file.tree;
        } finally {
            file.building.unlock();
        }
    }

    private Optional<Sized> build(Hash modelId) throws IOException {
        Optional<byte[]> file = store.file(modelId);
        if (file.isEmpty() || file.get().length == 0) {
            return Optional.empty();
        }
        Sized built = new Sized(file.get().length, MerkleTree.ofChunks(file.get(), Commitments.MODEL_CHUNK));
        if (!Commitments.modelId(built.bytes(), built.tree().top()).equals(modelId)) {
            removeDamaged(modelId);
            return Optional.empty();
        }
        return Optional.of(built);
    }

    private static boolean isSound(Hash modelId, int first, ModelChunks read) {
        for (int i = 0; i < read.chunks().size(); i++) {
            if (!ChunkCheck.belongs(
                    modelId, read.modelBytes(), first + i, read.chunks().get(i))) {
                return false;
            }
        }
        return true;
    }

    private void removeDamaged(Hash modelId) throws IOException {
        LOG.warn("Model {} is damaged and not given to others: {}", modelId, store.path(modelId));
        store.removeIfDamaged(modelId);
    }

    private ModelChunks read(Hash modelId, Sized file, int first, int count) throws IOException {
        int end = (int) Math.min((long) first + count, file.tree().size());
        List<ModelChunk> chunks = new ArrayList<>();
        if (first < end) {
            byte[] data = read(store.path(modelId), ChunkCheck.start(first), ChunkCheck.end(file.bytes(), end - 1));
            for (int index = first; index < end; index++) {
                int start = (int) (ChunkCheck.start(index) - ChunkCheck.start(first));
                chunks.add(new ModelChunk(
                        Bytes.wrap(data, start, ChunkCheck.length(file.bytes(), index)),
                        file.tree().proof(index).path()));
            }
        }
        return new ModelChunks(file.bytes(), chunks);
    }

    private static byte[] read(Path path, long start, long end) throws IOException {
        ByteBuffer data = ByteBuffer.allocate((int) (end - start));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            while (data.hasRemaining()) {
                if (channel.read(data, start + data.position()) < 0) {
                    throw new IOException(path + " has become shorter");
                }
            }
        }
        return data.array();
    }
}
