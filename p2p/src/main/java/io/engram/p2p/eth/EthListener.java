package io.engram.p2p.eth;

import io.engram.genesis.block.Block;
import io.engram.genesis.transaction.Transaction;
import io.engram.p2p.eth.EthMessage.BlockAnnouncement;
import io.engram.p2p.eth.EthMessage.TransactionAnnouncement;
import java.util.List;

/**
 * What peers tell unasked. Nothing of it is checked beyond its form. Calls for one peer come one after another, on a virtual
 * thread, and may block; meanwhile no message of that peer is handled, answers to requests included.
 */
public interface EthListener {

    /** The peer is on the same chain; requests may be made from now on. */
    void onReady(EthPeer peer);

    /** The peer is gone; called once for each {@link #onReady}. */
    void onGone(EthPeer peer);

    void onNewBlock(EthPeer peer, Block block);

    void onBlockAnnouncements(EthPeer peer, List<BlockAnnouncement> announcements);

    void onTransactions(EthPeer peer, List<Transaction> transactions);

    /** Announcements of blob transactions are left out, as this node asks for none. */
    void onTransactionAnnouncements(EthPeer peer, List<TransactionAnnouncement> announcements);

    /** The peer's chain has grown or its history has been cut, or its height is known now; see {@link EthPeer#range}. */
    void onRange(EthPeer peer);
}
