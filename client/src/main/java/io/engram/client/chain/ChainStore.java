package io.engram.client.chain;

import io.engram.client.state.StagedState;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Receipt;
import io.engram.inference.commitment.InferenceOutput;
import io.engram.inference.commitment.InferenceReceipt;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The canonical chain on disk. Thread-safe for readers; one writer. Every write is one atomic batch of block, receipts,
 * indexes, state and head pointer, so that after a kill the head is one of the blocks written and its state is whole.
 */
public interface ChainStore {

    /** The head, its hash and its header; always present, as genesis is written first. */
    Head head();

    record Head(Hash hash, BlockHeader header, UInt256 totalDifficulty) {
        public long number() {
            return header.number();
        }
    }

    /** Writes {@code block} as the new head. {@code state} must have been staged on the present head. */
    void append(ExecutedBlock block, StagedState state);

    /** Makes the canonical ancestor of this number the head again, undoing later blocks and their state. */
    void rewind(long blockNumber);

    Optional<Hash> canonicalHash(long number);

    Optional<BlockHeader> header(Hash hash);

    Optional<BlockBody> body(Hash hash);

    Optional<List<Receipt>> receipts(Hash hash);

    Optional<List<InferenceReceipt>> inferences(Hash hash);

    /** Outputs of a block's inferences; empty where they are not kept. */
    Optional<List<InferenceOutput>> inferenceOutputs(Hash hash);

    Optional<UInt256> totalDifficulty(Hash hash);

    Optional<TransactionLocation> transaction(Hash transactionHash);

    record TransactionLocation(Hash blockHash, long blockNumber, int index) {}

    default Optional<BlockHeader> header(long number) {
        return canonicalHash(number).flatMap(this::header);
    }

    default Optional<Block> block(Hash hash) {
        return header(hash).flatMap(header -> body(hash).map(body -> new Block(header, body)));
    }
}
