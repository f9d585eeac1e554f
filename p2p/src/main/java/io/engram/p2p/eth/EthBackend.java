package io.engram.p2p.eth;

import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.transaction.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * The chain and the pool behind the protocol. Blocks are those of the canonical chain; what is not at hand is empty.
 * Implementations are thread-safe and may block.
 */
public interface EthBackend {

    long networkId();

    Hash genesisHash();

    ForkIdSchedule forkIds();

    ChainHead head();

    Optional<BlockHeader> header(long number);

    Optional<BlockHeader> header(Hash hash);

    Optional<BlockBody> body(Hash blockHash);

    Optional<List<Receipt>> receipts(Hash blockHash);

    /** A transaction of the pool that may be passed on. */
    Optional<Transaction> pooledTransaction(Hash hash);
}
