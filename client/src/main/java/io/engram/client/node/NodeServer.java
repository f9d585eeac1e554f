package io.engram.client.node;

import io.engram.client.chain.BlockOverrides;
import io.engram.client.consensus.BlockProducer;
import io.engram.client.consensus.BlockSealer;
import io.engram.client.consensus.SystemClock;
import io.engram.client.consensus.ValidatorSet;
import io.engram.client.rpc.EthApi;
import io.engram.client.rpc.NetworkView;
import io.engram.client.rpc.RpcExecutor;
import io.engram.client.rpc.RpcLimits;
import io.engram.client.rpc.RpcRegistry;
import io.engram.client.rpc.RpcServer;
import io.engram.client.rpc.RpcServerOptions;
import io.engram.client.rpc.SubscriptionHub;
import io.engram.client.storage.Durability;
import io.engram.genesis.Address;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.genesis.config.QbftConfig;
import io.engram.genesis.crypto.KeyPair;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: serves what its chain holds and, where it is the one validator, makes blocks. A chain without a
 * consensus section gets none.
 */
public final class NodeServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeServer.class);
    private static final long MILLIS = 1_000;

    private final Node node;
    private final SystemClock clock = new SystemClock();
    private final Optional<BlockProducer> producer;
    private final RpcExecutor executor =
            new RpcExecutor(Math.max(2, Runtime.getRuntime().availableProcessors()), RpcLimits.WAITING_EXECUTIONS);
    private final Optional<NodeNetwork> network;
    private final Optional<RpcServer> server;

    private NodeServer(Node node, NodeOptions options, Collection<String> disabled) throws IOException {
        this.node = node;
        KeyPair key = options.keyFile().isPresent()
                ? NodeKey.load(options.keyFile().get())
                : NodeKey.loadOrCreate(node.nodeKeyFile());
        this.producer = producer(key);
        this.network = options.network().isPresent()
                ? Optional.of(NodeNetwork.open(node, key, options.network().get()))
                : Optional.empty();
        this.server = options.rpc().isPresent()
                ? Optional.of(serve(options.rpc().get(), options, disabled))
                : Optional.empty();
        network.ifPresent(NodeNetwork::start);
        producer.ifPresent(making -> making.start(mode(node.config().qbft().orElseThrow())));
    }

    /**
     * Starts a node.
     *
     * @param disabled names of methods that other kinds of node have
     * @throws IOException when the data path or the port cannot be had
     * @throws InvalidGenesisException when the parts of the genesis file do not go together
     */
    public static NodeServer start(NodeOptions options, Collection<String> disabled)
            throws IOException, InvalidGenesisException {
        Node node = Node.open(new Node.Options(
                options.dataPath(),
                options.genesis(),
                Durability.POWER,
                Node.TARGET_GAS_LIMIT,
                () -> BlockOverrides.NONE,
                options.inference()));
        boolean started = false;
        try {
            NodeServer server = new NodeServer(node, options, disabled);
            started = true;
            return server;
        } finally {
            if (!started) {
                node.close();
            }
        }
    }

    private Optional<BlockProducer> producer(KeyPair key) {
        if (node.config().qbft().isEmpty()) {
            LOG.info("The genesis file has no consensus section: this node makes no blocks");
            return Optional.empty();
        }
        ValidatorSet validators = node.validators().after(node.chain().head().header());
        Address self = key.address();
        if (!validators.contains(self)) {
            LOG.info("{} is not among the validators {}: this node makes no blocks", self, validators);
            return Optional.empty();
        }
        if (validators.quorum() > 1) {
            LOG.warn(
                    "Blocks need {} of {} validators, and validators do not vote with each other yet: this node makes"
                            + " no blocks",
                    validators.quorum(),
                    validators.size());
            return Optional.empty();
        }
        BlockProducer making = new BlockProducer(
                node.proposals(),
                new BlockSealer(new LocalSigner(key)),
                clock,
                () -> 0,
                fault -> LOG.error("Block production stopped", fault));
        node.pool().onAdded(added -> making.onTransaction());
        return Optional.of(making);
    }

    private static BlockProducer.Mode mode(QbftConfig qbft) {
        long period = qbft.blockPeriodMilliseconds() > 0
                ? qbft.blockPeriodMilliseconds()
                : Math.max(1, qbft.blockPeriodSeconds()) * MILLIS;
        return new BlockProducer.Mode.Periodic(period, Math.max(period, qbft.emptyBlockPeriodSeconds() * MILLIS));
    }

    private RpcServer serve(RpcServerOptions rpc, NodeOptions options, Collection<String> disabled) throws IOException {
        EthApi eth = new EthApi(
                node.chain(),
                node.pool(),
                node.simulator(),
                node.replay(),
                new EthApi.Settings(ClientVersion.text(), options.gasCap(), options.maxLogsRange(), options.leastTip()),
                new EthApi.Surroundings(
                        transaction -> transaction.sender().orElse(Address.ZERO),
                        this::nextTimestamp,
                        List.of(),
                        added -> {},
                        network.<NetworkView>map(peers -> peers).orElse(NetworkView.ALONE)));
        RpcRegistry registry = new RpcRegistry().disabled(disabled);
        eth.register(registry);
        network.ifPresent(peers -> new AdminMethods(peers).register(registry));
        ModelApi.register(registry, node, eth);
        SubscriptionHub hub = new SubscriptionHub();
        eth.publishTo(hub);
        return RpcServer.start(rpc, registry, executor, hub);
    }

    private long nextTimestamp() {
        long now = clock.nowMillis() / MILLIS;
        return Math.max(now, node.chain().head().header().timestamp() + 1);
    }

    public Node node() {
        return node;
    }

    /** The peers; absent without networking. */
    public Optional<NodeNetwork> network() {
        return network;
    }

    /** The JSON-RPC port in use; absent without JSON-RPC. */
    public Optional<Integer> port() {
        return server.map(RpcServer::port);
    }

    @Override
    public void close() throws IOException {
        server.ifPresent(RpcServer::close);
        executor.close();
        producer.ifPresent(BlockProducer::close);
        network.ifPresent(NodeNetwork::close);
        clock.close();
        node.close();
    }
}
