package io.engram.p2p.eth;

import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.HeaderHasher;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.p2p.eth.EthMessage.BlockAnnouncement;
import io.engram.p2p.eth.EthMessage.BlockRangeUpdate;
import io.engram.p2p.eth.EthMessage.NewBlock;
import io.engram.p2p.eth.EthMessage.NewBlockHashes;
import io.engram.p2p.eth.EthMessage.NewPooledTransactionHashes;
import io.engram.p2p.eth.EthMessage.Request;
import io.engram.p2p.eth.EthMessage.Response;
import io.engram.p2p.eth.EthMessage.TransactionAnnouncement;
import io.engram.p2p.eth.EthMessage.Transactions;
import io.engram.p2p.peer.Peer;
import io.engram.p2p.peer.SubProtocol;
import io.engram.p2p.peer.TokenBucket;
import io.engram.p2p.peer.WireException;
import io.engram.p2p.rlpx.Capability;
import io.engram.p2p.rlpx.DisconnectReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The protocol on this node: exchanges Status, answers requests, passes on what peers tell, and spreads what this node has to
 * tell. A peer of another network, genesis or fork is disconnected with {@link DisconnectReason#SUBPROTOCOL}, as geth and Besu
 * do. Thread-safe.
 */
public final class EthProtocol implements SubProtocol {

    private final EthBackend backend;
    private final EthListener listener;
    private final HeaderHasher hasher;
    private final EthServer server;
    private final Map<Peer, Conversation> conversations = new ConcurrentHashMap<>();
    private final AtomicLong announcedHead = new AtomicLong();

    /** What is known of a connection. Only the peer's own thread changes it. */
    private static final class Conversation {

        private final TokenBucket served =
                new TokenBucket(EthLimits.SERVED_PER_SECOND, EthLimits.SERVED_BURST, System::nanoTime);
        private volatile Optional<EthPeer> ready = Optional.empty();
    }

    /** @param hasher how the chain's headers are hashed */
    public EthProtocol(EthBackend backend, EthListener listener, HeaderHasher hasher) {
        this.backend = backend;
        this.listener = listener;
        this.hasher = hasher;
        this.server = new EthServer(backend);
    }

    @Override
    public Map<Capability, Integer> versions() {
        return EthVersion.all();
    }

    /** The peers whose Status was accepted. */
    public List<EthPeer> peers() {
        return conversations.values().stream()
                .flatMap(conversation -> conversation.ready.stream())
                .toList();
    }

    @Override
    public void onConnected(Peer peer, Capability capability) throws WireException {
        EthVersion version = version(capability);
        Conversation conversation = new Conversation();
        conversations.put(peer, conversation);
        peer.send(capability, EthCodec.STATUS, EthCodec.encodeStatus(ownStatus(version)));
        CompletableFuture.delayedExecutor(EthLimits.STATUS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (conversation.ready.isEmpty()) {
                        peer.disconnect(DisconnectReason.TIMEOUT);
                    }
                });
    }

    private static EthVersion version(Capability capability) {
        return EthVersion.of(capability)
                .orElseThrow(() -> new IllegalArgumentException("not a version of this protocol: " + capability));
    }

    private Status ownStatus(EthVersion version) {
        ChainHead head = backend.head();
        return new Status(
                version,
                backend.networkId(),
                Optional.of(head.totalDifficulty()),
                backend.genesisHash(),
                backend.forkIds().at(head.number(), head.timestamp()),
                Optional.of(head.range()),
                head.hash());
    }

    @Override
    public void onDisconnected(Peer peer, Capability capability) {
        Optional.ofNullable(conversations.remove(peer))
                .flatMap(conversation -> conversation.ready)
                .ifPresent(gone -> {
                    gone.gone();
                    listener.onGone(gone);
                });
    }

    @Override
    public void onMessage(Peer peer, Capability capability, int code, Bytes payload) throws WireException {
        Conversation conversation = Optional.ofNullable(conversations.get(peer)).orElseThrow();
        if (conversation.ready.isEmpty()) {
            if (code != EthCodec.STATUS) {
                throw new WireException("message " + code + " before Status");
            }
            EthPeer ready = new EthPeer(peer, accepted(EthCodec.decodeStatus(version(capability), payload)));
            conversation.ready = Optional.of(ready);
            listener.onReady(ready);
            if (ready.range().isEmpty()) {
                learnHeight(ready);
            }
        } else if (code == EthCodec.STATUS) {
            throw new WireException("a second Status");
        } else {
            handle(conversation, conversation.ready.get(), EthCodec.decode(version(capability), code, payload));
        }
    }

    /** The Status of eth/68 names the head without its number. */
    private void learnHeight(EthPeer peer) {
        Hash head = peer.status().head();
        var _ = peer.headers(new BlockStart.ByHash(head), 1, 0, false).thenAccept(headers -> {
            if (headers.size() == 1 && hasher.hash(headers.getFirst()).equals(head)) {
                peer.sawBlock(head, headers.getFirst().number());
                Thread.ofVirtual().name("range").start(() -> listener.onRange(peer));
            }
        });
    }

    private Status accepted(Status status) throws WireException {
        if (status.networkId() != backend.networkId()) {
            throw refusal("network " + status.networkId());
        }
        if (!status.genesis().equals(backend.genesisHash())) {
            throw refusal("genesis " + status.genesis());
        }
        ChainHead head = backend.head();
        if (!backend.forkIds().accepts(status.forkId(), head.number(), head.timestamp())) {
            throw refusal("fork id " + status.forkId());
        }
        return status;
    }

    private static WireException refusal(String what) {
        return new WireException(DisconnectReason.SUBPROTOCOL, "the peer's " + what + " is not this node's");
    }

    private void handle(Conversation conversation, EthPeer peer, EthMessage message) {
        switch (message) {
            case Request request -> {
                pause(conversation.served.take());
                peer.send(server.answer(request));
            }
            case Response response -> peer.answered(response);
            case NewBlock block -> {
                Block received = block.block();
                peer.sawBlock(hasher.hash(received.header()), received.header().number());
                listener.onNewBlock(peer, received);
            }
            case NewBlockHashes hashes -> {
                for (BlockAnnouncement block : hashes.blocks()) {
                    peer.sawBlock(block.hash(), block.number());
                }
                listener.onBlockAnnouncements(peer, hashes.blocks());
            }
            case Transactions sent -> {
                sent.transactions().forEach(transaction -> peer.sawTransaction(transaction.hash()));
                listener.onTransactions(peer, sent.transactions());
            }
            case NewPooledTransactionHashes pooled -> {
                pooled.transactions().forEach(announced -> peer.sawTransaction(announced.hash()));
                List<TransactionAnnouncement> wanted = pooled.transactions().stream()
                        .filter(announced -> announced.type() != TransactionType.BLOB.code())
                        .toList();
                if (!wanted.isEmpty()) {
                    listener.onTransactionAnnouncements(peer, wanted);
                }
            }
            case BlockRangeUpdate update -> {
                peer.moved(update.range());
                listener.onRange(peer);
            }
        }
    }

    private static void pause(Duration wait) {
        if (!wait.isZero()) {
            try {
                Thread.sleep(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Spreads a block: whole to the square root of the peers, so that it reaches everybody in few steps, its hash to the others.
     * Peers that have seen it are left out.
     */
    public void broadcastBlock(Block block, Hash hash, UInt256 totalDifficulty) {
        List<EthPeer> peers = peers();
        int whole = fraction(peers.size());
        for (int i = 0; i < peers.size(); i++) {
            if (i < whole) {
                peers.get(i).sendBlock(block, hash, totalDifficulty);
            } else {
                peers.get(i).announceBlock(hash, block.header().number());
            }
        }
    }

    /** Tells peers of eth/69 what this node has, each time the head has moved {@link EthLimits#RANGE_UPDATE_BLOCKS}. */
    public void announceRange() {
        ChainHead head = backend.head();
        long last = announcedHead.get();
        if (Math.abs(head.number() - last) >= EthLimits.RANGE_UPDATE_BLOCKS
                && announcedHead.compareAndSet(last, head.number())) {
            for (EthPeer peer : peers()) {
                if (peer.status().version() == EthVersion.ETH69) {
                    peer.send(new BlockRangeUpdate(head.range()));
                }
            }
        }
    }

    /** Spreads transactions: whole to the square root of the peers, by hash to the others. Blob transactions are left out. */
    public void broadcastTransactions(List<Transaction> transactions) {
        List<EthPeer> peers = peers();
        int whole = fraction(peers.size());
        for (List<Transaction> batch : batches(transactions)) {
            for (int i = 0; i < peers.size(); i++) {
                if (i < whole) {
                    peers.get(i).sendTransactions(batch);
                } else {
                    peers.get(i).announceTransactions(batch);
                }
            }
        }
    }

    private static int fraction(int peers) {
        return (int) Math.ceil(Math.sqrt(peers));
    }

    /** Cuts a list so that no message exceeds the counts and the soft size limit. */
    private static List<List<Transaction>> batches(List<Transaction> transactions) {
        List<List<Transaction>> batches = new ArrayList<>();
        List<Transaction> batch = new ArrayList<>();
        int bytes = 0;
        for (Transaction transaction : transactions) {
            if (transaction.type() == TransactionType.BLOB) {
                continue;
            }
            int size = transaction.encoded().size();
            if (!batch.isEmpty()
                    && (batch.size() == EthLimits.ANNOUNCEMENTS || bytes + size > EthLimits.RESPONSE_BYTES)) {
                batches.add(List.copyOf(batch));
                batch.clear();
                bytes = 0;
            }
            batch.add(transaction);
            bytes += size;
        }
        if (!batch.isEmpty()) {
            batches.add(List.copyOf(batch));
        }
        return batches;
    }
}
