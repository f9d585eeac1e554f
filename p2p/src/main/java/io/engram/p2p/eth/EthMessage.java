package io.engram.p2p.eth;

import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.transaction.Transaction;
import io.engram.p2p.peer.Answer;
import java.util.List;
import org.apache.tuweni.units.bigints.UInt256;

/** The messages of the protocol after Status. */
public sealed interface EthMessage {

    /** A message that asks; its answer carries the same number. */
    sealed interface Request extends EthMessage {
        long requestId();
    }

    /** The answer to a {@link Request}. */
    sealed interface Response extends EthMessage, Answer {}

    /** A block that the sender has. */
    record BlockAnnouncement(Hash hash, long number) {}

    record NewBlockHashes(List<BlockAnnouncement> blocks) implements EthMessage {}

    record NewBlock(Block block, UInt256 totalDifficulty) implements EthMessage {}

    record Transactions(List<Transaction> transactions) implements EthMessage {}

    /**
     * A transaction in the sender's pool.
     *
     * @param type its EIP-2718 type, 0 to 127
     * @param size of its encoding in bytes
     */
    record TransactionAnnouncement(int type, int size, Hash hash) {}

    record NewPooledTransactionHashes(List<TransactionAnnouncement> transactions) implements EthMessage {}

    /**
     * Asks for headers.
     *
     * @param skip blocks left out between two headers
     * @param reverse towards genesis
     */
    record GetBlockHeaders(long requestId, BlockStart start, int limit, long skip, boolean reverse)
            implements Request {}

    record BlockHeaders(long requestId, List<BlockHeader> items) implements Response {}

    record GetBlockBodies(long requestId, List<Hash> hashes) implements Request {}

    record BlockBodies(long requestId, List<BlockBody> items) implements Response {}

    record GetReceipts(long requestId, List<Hash> hashes) implements Request {}

    record Receipts(long requestId, List<List<Receipt>> items) implements Response {}

    record GetPooledTransactions(long requestId, List<Hash> hashes) implements Request {}

    record PooledTransactions(long requestId, List<Transaction> items) implements Response {}

    record BlockRangeUpdate(BlockRange range) implements EthMessage {}
}
