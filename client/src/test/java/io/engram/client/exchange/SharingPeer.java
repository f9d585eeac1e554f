package io.engram.client.exchange;

import io.engram.client.model.ModelStore;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.p2p.mdl.HeldModels;
import io.engram.p2p.mdl.MdlPeer;
import io.engram.p2p.mdl.ModelChunk;
import io.engram.p2p.mdl.ModelChunks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A node with a model store. */
final class SharingPeer extends LoopbackPeer {

    final ModelStore store;

    /** Chunks given to others. */
    final AtomicInteger given = new AtomicInteger();

    /** Chunks that are given at most. */
    volatile int supply = Integer.MAX_VALUE;

    /** Whether every second chunk is spoilt. */
    volatile boolean corrupt;

    private final ServedModels served;

    SharingPeer(Path folder) throws IOException {
        store = new ModelStore(folder, InferenceConfig.Limits.DEFAULT, 0);
        served = new ServedModels(store);
        start();
    }

    List<MdlPeer> holders(Hash modelId) {
        return mdl.peers().stream()
                .filter(peer -> peer.held().models().contains(modelId))
                .toList();
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
}
