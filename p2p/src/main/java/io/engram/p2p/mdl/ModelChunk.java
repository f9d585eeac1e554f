package io.engram.p2p.mdl;

import io.engram.genesis.Hash;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * A piece of a model file.
 *
 * @param data at most {@link MdlLimits#CHUNK_BYTES}
 * @param path siblings from the leaf up to the top of the file's tree
 */
public record ModelChunk(Bytes data, List<Hash> path) {
    public ModelChunk {
        path = List.copyOf(path);
    }
}
