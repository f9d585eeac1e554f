package io.engram.p2p.eth;

import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.transaction.Transaction;
import io.engram.p2p.eth.EthMessage.BlockAnnouncement;
import io.engram.p2p.eth.EthMessage.BlockBodies;
import io.engram.p2p.eth.EthMessage.BlockHeaders;
import io.engram.p2p.eth.EthMessage.GetBlockBodies;
import io.engram.p2p.eth.EthMessage.GetBlockHeaders;
import io.engram.p2p.eth.EthMessage.GetPooledTransactions;
import io.engram.p2p.eth.EthMessage.GetReceipts;
import io.engram.p2p.eth.EthMessage.NewBlock;
import io.engram.p2p.eth.EthMessage.NewBlockHashes;
import io.engram.p2p.eth.EthMessage.NewPooledTransactionHashes;
import io.engram.p2p.eth.EthMessage.PooledTransactions;
import io.engram.p2p.eth.EthMessage.Receipts;
import io.engram.p2p.eth.EthMessage.Response;
import io.engram.p2p.eth.EthMessage.TransactionAnnouncement;
import io.engram.p2p.eth.EthMessage.Transactions;
import io.engram.p2p.peer.Peer;
import io.engram.p2p.peer.PendingRequests;
import io.engram.p2p.peer.RequestException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * A peer on the same chain: ask it, tell it. Thread-safe.
 *
 * <p>A request returns what the peer has of what was asked for, in order and perhaps cut short; the form of an answer is checked,
 * its content is not. It fails with a {@link RequestException} after {@link EthLimits#REQUEST_TIMEOUT}, when the peer goes, or
 * beyond {@link EthLimits#REQUESTS} at once. Stages that depend on the answer must not block.
 */
public final class EthPeer {

    private final Peer peer;
    private final Status status;
    private final EthVersion version;
    private final PendingRequests pending;
    private final KnownHashes knownBlocks = new KnownHashes(EthLimits.KNOWN_BLOCKS);
    private final KnownHashes knownTransactions = new KnownHashes(EthLimits.KNOWN_TRANSACTIONS);
    private volatile Optional<BlockRange> range;

    EthPeer(Peer peer, Status status) {
        this.peer = peer;
        this.status = status;
        this.version = status.version();
        this.pending = new PendingRequests(peer, EthLimits.REQUESTS, EthLimits.REQUEST_TIMEOUT);
        this.range = status.range();
    }

    public Peer peer() {
        return peer;
    }

    /** What the peer said when it came. */
    public Status status() {
        return status;
    }

    /** The blocks that the peer has, as far as it told; empty for eth/68 until it announces a block. */
    public Optional<BlockRange> range() {
        return range;
    }

    /**
     * Asks for {@code limit} headers from {@code start} on, towards the head or towards genesis, with {@code skip} blocks between
     * two of them.
     */
    public CompletableFuture<List<BlockHeader>> headers(BlockStart start, int limit, long skip, boolean reverse) {
        return ask(
                BlockHeaders.class,
                limit,
                id -> new GetBlockHeaders(id, start, limit, skip, reverse),
                BlockHeaders::items);
    }

    public CompletableFuture<List<BlockBody>> bodies(List<Hash> blocks) {
        return ask(BlockBodies.class, blocks.size(), id -> new GetBlockBodies(id, blocks), BlockBodies::items);
    }

    public CompletableFuture<List<List<Receipt>>> receipts(List<Hash> blocks) {
        return ask(Receipts.class, blocks.size(), id -> new GetReceipts(id, blocks), Receipts::items);
    }

    public CompletableFuture<List<Transaction>> pooledTransactions(List<Hash> hashes) {
        return ask(
                PooledTransactions.class,
                hashes.size(),
                id -> new GetPooledTransactions(id, hashes),
                PooledTransactions::items);
    }

    private <R extends Response, T> CompletableFuture<T> ask(
            Class<R> answer, int limit, Function<Long, EthMessage> request, Function<R, T> result) {
        PendingRequests.Opened opened = pending.open(answer, limit);
        if (!opened.answer().isDone()) {
            send(request.apply(opened.id()));
        }
        return opened.answer().thenApply(answer::cast).thenApply(result);
    }

    boolean send(EthMessage message) {
        EthCodec.Encoded encoded = EthCodec.encode(version, message);
        return peer.send(version.capability(), encoded.code(), encoded.payload());
    }

    /** Sends a whole block, unless the peer has seen it. */
    public void sendBlock(Block block, Hash hash, UInt256 totalDifficulty) {
        if (knownBlocks.add(hash)) {
            send(new NewBlock(block, totalDifficulty));
        }
    }

    /** Says that this node has a block, unless the peer has seen it. */
    public void announceBlock(Hash hash, long number) {
        if (knownBlocks.add(hash)) {
            send(new NewBlockHashes(List.of(new BlockAnnouncement(hash, number))));
        }
    }

    /** Sends those of the transactions that the peer has not seen. */
    public void sendTransactions(List<Transaction> transactions) {
        List<Transaction> unknown = transactions.stream()
                .filter(transaction -> knownTransactions.add(transaction.hash()))
                .toList();
        if (!unknown.isEmpty()) {
            send(new Transactions(unknown));
        }
    }

    /** Names those of the transactions that the peer has not seen. */
    public void announceTransactions(List<Transaction> transactions) {
        List<TransactionAnnouncement> unknown = transactions.stream()
                .filter(transaction -> knownTransactions.add(transaction.hash()))
                .map(transaction -> new TransactionAnnouncement(
                        transaction.type().code(), transaction.encoded().size(), transaction.hash()))
                .toList();
        if (!unknown.isEmpty()) {
            send(new NewPooledTransactionHashes(unknown));
        }
    }

    void sawBlock(Hash hash) {
        knownBlocks.add(hash);
    }

    /** The peer has a block with this number; it is taken to be its head if no other is higher. */
    void sawBlock(Hash hash, long number) {
        sawBlock(hash);
        if (range.map(known -> number > known.latest()).orElse(true)) {
            range = Optional.of(new BlockRange(range.map(BlockRange::earliest).orElse(0L), number, hash));
        }
    }

    void sawTransaction(Hash hash) {
        knownTransactions.add(hash);
    }

    void moved(BlockRange now) {
        range = Optional.of(now);
    }

    void answered(Response response) {
        pending.answered(response);
    }

    void gone() {
        pending.close();
    }

    @Override
    public String toString() {
        return peer.toString();
    }
}
