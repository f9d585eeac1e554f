package io.engram.p2p.mdl;

import java.util.List;

/**
 * Chunks of a model file that follow one another.
 *
 * @param modelBytes length of the whole file, which every path shows along with its chunk; 0 when the file is not at hand
 */
public record ModelChunks(long modelBytes, List<ModelChunk> chunks) {

    /** The answer of a node that does not hold the model. */
    public static final ModelChunks NONE = new ModelChunks(0, List.of());

    public ModelChunks {
        chunks = List.copyOf(chunks);
    }
}
