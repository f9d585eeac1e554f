package io.engram.p2p.mdl;

import io.engram.genesis.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.tuweni.bytes.Bytes;

/** Files whose chunks have made-up paths, and traces of one block. */
final class SampleModels implements MdlBackend {

    static final Hash BLOCK = new Hash(0, 0, 0, 77);
    static final List<Bytes> RECEIPTS = List.of(
            Bytes.repeat((byte) 1, MdlLimits.INFERENCE_RECEIPT_BYTES),
            Bytes.repeat((byte) 2, MdlLimits.INFERENCE_RECEIPT_BYTES));
    static final List<Bytes> OUTPUTS = List.of(Bytes.repeat((byte) 8, 20), Bytes.of(9));
    static final List<Bytes> STEPS = List.of(Bytes.repeat((byte) 3, 150), Bytes.repeat((byte) 4, 182));

    private final Hash inferenceConfigHash;
    private final Map<Hash, Bytes> files = new ConcurrentHashMap<>();

    SampleModels(Hash inferenceConfigHash) {
        this.inferenceConfigHash = inferenceConfigHash;
    }

    void add(Hash modelId, Bytes file) {
        files.put(modelId, file);
    }

    @Override
    public Hash inferenceConfigHash() {
        return inferenceConfigHash;
    }

    @Override
    public HeldModels held() {
        return new HeldModels(new Hash(0, 0, 1, files.size()), Set.copyOf(files.keySet()));
    }

    @Override
    public ModelChunks chunks(Hash modelId, int first, int count) {
        Bytes file = files.get(modelId);
        if (file == null) {
            return ModelChunks.NONE;
        }
        List<ModelChunk> chunks = new ArrayList<>();
        for (long i = first; i < (long) first + count && i * MdlLimits.CHUNK_BYTES < file.size(); i++) {
            int start = (int) i * MdlLimits.CHUNK_BYTES;
            int length = Math.min(MdlLimits.CHUNK_BYTES, file.size() - start);
            chunks.add(new ModelChunk(file.slice(start, length), List.of(new Hash(0, 0, 2, i))));
        }
        return new ModelChunks(file.size(), chunks);
    }

    @Override
    public Optional<List<Bytes>> inferenceReceipts(Hash blockHash) {
        return blockHash.equals(BLOCK) ? Optional.of(RECEIPTS) : Optional.empty();
    }

    @Override
    public Optional<List<Bytes>> inferenceOutputs(Hash blockHash) {
        return blockHash.equals(BLOCK) ? Optional.of(OUTPUTS) : Optional.empty();
    }

    @Override
    public Optional<List<Bytes>> steps(Hash blockHash, int inference) {
        return blockHash.equals(BLOCK) && inference < RECEIPTS.size() ? Optional.of(STEPS) : Optional.empty();
    }
}
