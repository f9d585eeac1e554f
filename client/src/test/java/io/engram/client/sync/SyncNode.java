package io.engram.client.sync;

import io.engram.client.chain.BlockOverrides;
import io.engram.client.chain.ChainAssembly;
import io.engram.client.chain.InferenceSupport;
import io.engram.client.consensus.BlockProducer;
import io.engram.client.consensus.BlockSealer;
import io.engram.client.consensus.VirtualClock;
import io.engram.client.dev.DevNetwork;
import io.engram.client.model.ModelStore;
import io.engram.client.node.LocalSigner;
import io.engram.client.pool.AddResult;
import io.engram.client.pool.PoolLimits;
import io.engram.client.storage.Database;
import io.engram.client.storage.Durability;
import io.engram.genesis.Wei;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.p2p.peer.EnodeUrl;
import io.engram.p2p.peer.PeerNetwork;
import io.engram.p2p.peer.PeerOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A chain with peers on loopback. Any of them can make blocks: they share the development validator's key. */
final class SyncNode implements AutoCloseable {

    private static final GenesisFile GENESIS = DevNetwork.genesis();

    final Database database;
    final ChainAssembly parts;
    final BlockProducer producer;
    final ChainNetwork network;
    final PeerNetwork peers;
    final EnodeUrl enode;

    SyncNode(Path folder) throws Exception {
        this.database = Database.open(folder.resolve("db"));
        ModelStore models = new ModelStore(
                folder.resolve("models"),
                GENESIS.config().inference().orElseThrow().limits(),
                ModelStore.DEFAULT_CACHE_BYTES);
        this.parts = ChainAssembly.open(
                GENESIS,
                database,
                new ChainAssembly.Settings(
                        Optional.of(new InferenceSupport(new InferenceEngine(new ReferenceBackend()), models::load)),
                        PoolLimits.DEFAULT,
                        30_000_000,
                        Durability.PROCESS,
                        () -> BlockOverrides.NONE));
        this.producer = new BlockProducer(
                parts.proposals(),
                new BlockSealer(new LocalSigner(DevNetwork.validator())),
                new VirtualClock(1_800_000_000_000L),
                () -> 0,
                fault -> {
                    throw fault;
                });
        this.network = new ChainNetwork(
                parts.chain(),
                parts.importer(),
                parts.validators(),
                parts.pool(),
                GENESIS.config(),
                1_337,
                ImportGate.OPEN,
                InstantSource.system());
        this.peers = new PeerNetwork(
                KeyPair.random(new SecureRandom()),
                PeerOptions.of("test", 25),
                List.of(network.protocol()),
                InstantSource.system());
        int port = peers.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        this.enode = EnodeUrl.of(peers.self(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        network.start();
        peers.start();
    }

    void connect(SyncNode other) {
        peers.addPersistent(other.enode);
    }

    static Transaction transfer(int account, long nonce) {
        return UnsignedTransaction.of(TransactionType.FEE_MARKET)
                .chainId(1_337)
                .nonce(nonce)
                .fees(Wei.of(20_000_000_000L), Wei.of(1_000_000_000L))
                .gasLimit(21_000)
                .to(DevAccounts.all().getFirst().address())
                .value(Wei.of(1))
                .sign(DevAccounts.all().get(account));
    }

    /** Blocks with a transfer each but every tenth, which is empty. */
    void makeBlocks(int count) {
        for (int i = 0; i < count; i++) {
            long nonce = parts.pool().nextNonce(DevAccounts.all().get(1).address());
            if (i % 10 != 9 && !(parts.pool().add(transfer(1, nonce)) instanceof AddResult.Added)) {
                throw new AssertionError("the pool refuses a transfer");
            }
            producer.produce(producer.nextTimestamp());
        }
    }

    long height() {
        return parts.chain().head().number();
    }

    boolean agreesWith(SyncNode other) {
        return parts.chain().head().hash().equals(other.parts.chain().head().hash());
    }

    @Override
    public void close() {
        peers.close();
        network.close();
        producer.close();
        database.close();
    }
}
