package io.engram.client.exchange;

import io.engram.genesis.Hash;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** What a block's inferences left behind, as peers ask for it. Thread-safe; may block. */
public interface InferenceTraces {

    /** As {@link io.engram.p2p.mdl.MdlBackend#inferenceReceipts}. */
    Optional<List<Bytes>> receipts(Hash blockHash);

    /** As {@link io.engram.p2p.mdl.MdlBackend#inferenceOutputs}. */
    Optional<List<Bytes>> outputs(Hash blockHash);

    /** As {@link io.engram.p2p.mdl.MdlBackend#steps}. */
    Optional<List<Bytes>> steps(Hash blockHash, int inference);
}
