package io.engram.p2p.peer;

import io.engram.genesis.block.Block;
import io.engram.genesis.block.HeaderHasher;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.transaction.Transaction;
import io.engram.p2p.eth.EthListener;
import io.engram.p2p.eth.EthMessage.BlockAnnouncement;
import io.engram.p2p.eth.EthMessage.TransactionAnnouncement;
import io.engram.p2p.eth.EthPeer;
import io.engram.p2p.eth.EthProtocol;
import io.engram.p2p.eth.SampleChain;
import io.engram.p2p.istanbul.IstanbulListener;
import io.engram.p2p.istanbul.IstanbulMessage;
import io.engram.p2p.istanbul.IstanbulProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.tuweni.bytes.Bytes;

/** A node on loopback with a sample chain, which writes down what it is told. */
public final class TestNode implements AutoCloseable, EthListener {

    private static final int CAPACITY = 1_024;

    public final BlockingQueue<EthPeer> ready = new LinkedBlockingQueue<>(CAPACITY);
    public final BlockingQueue<EthPeer> gone = new LinkedBlockingQueue<>(CAPACITY);
    public final BlockingQueue<Block> blocks = new LinkedBlockingQueue<>(CAPACITY);
    public final BlockingQueue<BlockAnnouncement> announcedBlocks = new LinkedBlockingQueue<>(CAPACITY);
    public final BlockingQueue<Transaction> transactions = new LinkedBlockingQueue<>(CAPACITY);
    public final BlockingQueue<TransactionAnnouncement> announced = new LinkedBlockingQueue<>(CAPACITY);
    public final BlockingQueue<Peer> voters = new LinkedBlockingQueue<>(CAPACITY);
    public final BlockingQueue<Bytes> votes = new LinkedBlockingQueue<>(CAPACITY);

    public final KeyPair keys = KeyPair.random(new SecureRandom());
    public final SampleChain chain;
    public final EthProtocol eth;
    public final IstanbulProtocol istanbul;
    public final PeerNetwork network;
    private final int port;

    public TestNode(SampleChain chain) throws IOException {
        this(chain, PeerOptions.of("test", 25), InstantSource.system());
    }

    public TestNode(SampleChain chain, PeerOptions options, InstantSource clock) throws IOException {
        this.chain = chain;
        this.eth = new EthProtocol(chain, this, HeaderHasher.KECCAK);
        this.istanbul = new IstanbulProtocol(new IstanbulListener() {
            @Override
            public void onConnected(Peer peer) {
                voters.add(peer);
            }

            @Override
            public void onMessage(Peer peer, IstanbulMessage code, Bytes payload) {
                votes.add(payload);
            }
        });
        this.network = new PeerNetwork(keys, options, List.of(eth, istanbul), clock);
        this.port = network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        network.start();
    }

    public NodeId id() {
        return network.self();
    }

    public EnodeUrl enode() {
        return EnodeUrl.of(id(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    public int port() {
        return port;
    }

    public Optional<EthPeer> eth(TestNode other) {
        return eth.peers().stream()
                .filter(peer -> peer.peer().id().equals(other.id()))
                .findFirst();
    }

    @Override
    public void onReady(EthPeer peer) {
        ready.add(peer);
    }

    @Override
    public void onGone(EthPeer peer) {
        gone.add(peer);
    }

    @Override
    public void onNewBlock(EthPeer peer, Block block) {
        blocks.add(block);
    }

    @Override
    public void onBlockAnnouncements(EthPeer peer, List<BlockAnnouncement> announcements) {
        announcedBlocks.addAll(announcements);
    }

    @Override
    public void onTransactions(EthPeer peer, List<Transaction> sent) {
        transactions.addAll(sent);
    }

    @Override
    public void onTransactionAnnouncements(EthPeer peer, List<TransactionAnnouncement> announcements) {
        announced.addAll(announcements);
    }

    @Override
    public void onRange(EthPeer peer) {}

    @Override
    public void close() {
        network.close();
    }
}
