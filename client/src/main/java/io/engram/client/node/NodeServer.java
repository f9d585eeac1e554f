package io.engram.client.node;

import io.engram.client.chain.BlockOverrides;
import io.engram.client.chain.WorkCounts;
import io.engram.client.consensus.BlockProducer;
import io.engram.client.consensus.BlockSealer;
import io.engram.client.consensus.SystemClock;
import io.engram.client.consensus.ValidatorSet;
import io.engram.client.consensus.qbft.QbftEvent;
import io.engram.client.consensus.qbft.RoundTimeouts;
import io.engram.client.divergence.DivergenceLog;
import io.engram.client.divergence.DivergenceReporter;
import io.engram.client.exchange.ModelExchange;
import io.engram.client.metrics.MetricsServer;
import io.engram.client.rpc.EthApi;
import io.engram.client.rpc.NetworkView;
import io.engram.client.rpc.RpcExecutor;
import io.engram.client.rpc.RpcLimits;
import io.engram.client.rpc.RpcRegistry;
import io.engram.client.rpc.RpcServer;
import io.engram.client.rpc.RpcServerOptions;
import io.engram.client.rpc.SubscriptionHub;
import io.engram.client.storage.Durability;
import io.engram.client.sync.ImportGate;
import io.engram.genesis.Address;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.genesis.config.QbftConfig;
import io.engram.genesis.crypto.KeyPair;
import io.engram.p2p.eth.BlockRange;
import io.engram.p2p.peer.Peer;
import io.engram.p2p.peer.SubProtocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: serves what its chain holds and, where it is a validator, makes blocks: with peers by QBFT, without peers
 * only where it is the one validator. A chain without a consensus section gets none.
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
    private final Optional<QbftService> consensus;
    private final Optional<ModelExchange> exchange;
    private final Optional<ValidatorModels> holdings;
    private final Optional<DivergenceReporter> divergence;
    private final WorkCounts work;
    private final Optional<RpcServer> server;
    private final Optional<MetricsServer> metrics;

    private NodeServer(Node node, NodeOptions options, Collection<String> disabled) throws IOException {
        this.node = node;
        KeyPair key = options.keyFile().isPresent()
                ? options.keyFile().get().load()
                : NodeKey.loadOrCreate(node.nodeKeyFile());
        this.work = new WorkCounts(key.address());
        node.chain().onChange(work::onChange);
        Optional<ConsensusPeers> consensusPeers = options.network()
                .filter(network -> node.config().qbft().isPresent())
                .map(network -> new ConsensusPeers());
        this.producer = consensusPeers.isPresent() ? Optional.empty() : producer(key);
        this.exchange = node.exchange(new LocalSigner(key));
        this.holdings = exchange.map(models -> new ValidatorModels(models, key.address()));
        this.divergence =
                consensusPeers.flatMap(_ -> exchange).flatMap(models -> node.divergence(models.protocol()::peers));
        List<SubProtocol> protocols = new ArrayList<>();
        consensusPeers.map(ConsensusPeers::protocol).ifPresent(protocols::add);
        exchange.map(ModelExchange::protocol).ifPresent(protocols::add);
        this.network = options.network().isPresent()
                ? Optional.of(NodeNetwork.open(node, key, options.network().get(), protocols, gate()))
                : Optional.empty();
        this.consensus = consensusPeers.map(peers -> node.consensus(options.consensus(), new LocalSigner(key), peers));
        consensusPeers.ifPresent(peers -> peers.deliverTo(consensus.orElseThrow()));
        network.ifPresent(peers -> peers.chain().onRange(this::reportHead));
        this.server = options.rpc().isPresent()
                ? Optional.of(serve(options.rpc().get(), options, disabled))
                : Optional.empty();
        this.metrics = options.metrics().isPresent()
                ? Optional.of(MetricsServer.start(
                        options.metrics().get(),
                        NodeMetrics.of(node, work, network, consensus, divergences(), exchange, holdings)))
                : Optional.empty();
        if (node.isSyncedFromSeals()) {
            LOG.info("Blocks with a quorum of seals are replayed with the results of peers (--sync-inference=sealed);"
                    + " proposals are judged by models that are here alone");
        }
        exchange.ifPresent(ModelExchange::start);
        network.ifPresent(NodeNetwork::start);
        consensus.ifPresent(QbftService::start);
        if (consensus.isPresent() && node.config().inference().isPresent()) {
            VerificationCheck.start(
                    node.engine().backend(),
                    node.config().inference().get(),
                    RoundTimeouts.of(node.config().qbft().orElseThrow(), options.consensus()));
        }
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

    private void reportHead(Peer peer, BlockRange range) {
        consensus.ifPresent(service -> service.onHeadReport(
                new QbftEvent.HeadReported(ConsensusPeers.addressOf(peer.id()), range.latest(), range.latestHash())));
    }

    /** Blocks wait for models where this node computes their inferences. */
    private ImportGate gate() {
        return exchange.filter(_ -> !node.isSyncedFromSeals())
                .<ImportGate>map(models -> models::awaitModels)
                .orElse(ImportGate.OPEN);
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
                    "Blocks need {} of {} validators, and this node has no peers (--p2p-enabled): it makes no blocks",
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
        ModelApi.register(registry, node, eth, work, exchange);
        node.config().qbft().ifPresent(qbft -> new QbftMethods(node, eth.view(), qbft, holdings).register(registry));
        consensus.ifPresent(service -> QbftStatusMethod.register(
                registry, service, work, () -> node.engine().fault(), holdings));
        divergences().ifPresent(log -> DivergenceView.register(registry, log));
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

    /** This node's part in consensus; absent without networking, and on chains without QBFT. */
    public Optional<QbftService> consensus() {
        return consensus;
    }

    /** Where this node's inferences and those of others differed; absent without networking. */
    public Optional<DivergenceLog> divergences() {
        return divergence.map(DivergenceReporter::found);
    }

    /** This node's part in the distribution of models; absent on chains without inference. */
    public Optional<ModelExchange> exchange() {
        return exchange;
    }

    /** The JSON-RPC port in use; absent without JSON-RPC. */
    public Optional<Integer> port() {
        return server.map(RpcServer::port);
    }

    /** The port of metrics; absent when they are not served. */
    public Optional<Integer> metricsPort() {
        return metrics.map(MetricsServer::port);
    }

    @Override
    public void close() throws IOException {
        metrics.ifPresent(MetricsServer::close);
        server.ifPresent(RpcServer::close);
        executor.close();
        producer.ifPresent(BlockProducer::close);
        consensus.ifPresent(QbftService::close);
        network.ifPresent(NodeNetwork::close);
        divergence.ifPresent(DivergenceReporter::close);
        exchange.ifPresent(ModelExchange::close);
        clock.close();
        node.close();
    }
}
