package io.engram.client.dev;

import io.engram.client.chain.ChainProposals;
import io.engram.client.chain.WorkCounts;
import io.engram.client.consensus.BlockProducer;
import io.engram.client.consensus.BlockSealer;
import io.engram.client.consensus.Proposal;
import io.engram.client.consensus.SystemClock;
import io.engram.client.node.ClientVersion;
import io.engram.client.node.LocalSigner;
import io.engram.client.node.ModelApi;
import io.engram.client.node.Node;
import io.engram.client.pool.AddResult;
import io.engram.client.rpc.EthApi;
import io.engram.client.rpc.NetworkView;
import io.engram.client.rpc.RpcExecutor;
import io.engram.client.rpc.RpcLimits;
import io.engram.client.rpc.RpcRegistry;
import io.engram.client.rpc.RpcServer;
import io.engram.client.rpc.SubscriptionHub;
import io.engram.client.storage.Durability;
import io.engram.evm.state.Journal;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.genesis.crypto.KeyPair;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A development network of one node, with its JSON-RPC server. Thread-safe. */
public final class DevNode implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DevNode.class);
    private static final long MILLIS = 1_000;

    private final Path dataPath;
    private final boolean temporary;
    private final Node node;
    private final KeyPair validator = DevNetwork.validator();
    private final SystemClock clock = new SystemClock();
    private final DevTime time = new DevTime(() -> System.currentTimeMillis() / MILLIS);
    private final NextBlock nextBlock;
    private final BlockSealer sealer = new BlockSealer(new LocalSigner(validator));
    private final ChainProposals proposals;
    private final BlockProducer producer;
    private final MinedTransactions mined;
    private final ModelPublisher publisher;
    private final RpcExecutor executor =
            new RpcExecutor(Math.max(2, Runtime.getRuntime().availableProcessors()), RpcLimits.WAITING_EXECUTIONS);
    private final Optional<Hash> sampleModel;
    private final RpcServer server;

    private DevNode(Path dataPath, boolean temporary, Node node, NextBlock nextBlock, DevOptions options)
            throws IOException {
        this.nextBlock = nextBlock;
        this.dataPath = dataPath;
        this.temporary = temporary;
        this.node = node;
        this.proposals = node.proposals();
        this.producer = new BlockProducer(
                proposals, sealer, clock, time::offset, fault -> LOG.error("Block production stopped", fault));
        this.mined = new MinedTransactions(node.chain().store(), node.pool());
        this.publisher = new ModelPublisher(node, producer, validator);
        node.chain().onChange(time::onChange);
        node.chain().onChange(nextBlock::onChange);
        node.chain().onChange(mined::onChange);
        node.pool().onAdded(added -> producer.onTransaction());
        BlockProducer.Mode mode = options.blockPeriodSeconds()
                .<BlockProducer.Mode>map(seconds -> new BlockProducer.Mode.Periodic(seconds * MILLIS, seconds * MILLIS))
                .orElseGet(BlockProducer.Mode.Instant::new);
        if (options.sampleModel()) {
            this.sampleModel = SampleModel.file().map(this::publishSample);
        } else {
            this.sampleModel = Optional.empty();
        }
        this.server = startServer(options);
        producer.start(mode);
    }

    /**
     * Starts the network and returns when it answers requests.
     *
     * @throws IOException when the port or the data path cannot be had
     */
    public static DevNode start(DevOptions options) throws IOException {
        boolean temporary = options.dataPath().isEmpty();
        Path dataPath = temporary
                ? Files.createTempDirectory("engram-dev-")
                : options.dataPath().get();
        boolean started = false;
        NextBlock nextBlock = new NextBlock();
        try {
            Node node = Node.open(new Node.Options(
                    dataPath,
                    DevNetwork.genesis(),
                    Durability.PROCESS,
                    Node.TARGET_GAS_LIMIT,
                    nextBlock,
                    options.blockPeriodSeconds().isPresent()
                            ? options.inference()
                            : options.inference().withoutAhead()));
            try {
                DevNode dev = new DevNode(dataPath, temporary, node, nextBlock, options);
                started = true;
                return dev;
            } finally {
                if (!started) {
                    node.close();
                }
            }
        } catch (InvalidGenesisException e) {
            throw new IllegalStateException("the shipped development genesis is wrong", e);
        } finally {
            if (!started && temporary) {
                Directories.delete(dataPath);
            }
        }
    }

    private RpcServer startServer(DevOptions options) throws IOException {
        EthApi eth = new EthApi(
                node.chain(),
                node.pool(),
                node.simulator(),
                node.replay(),
                new EthApi.Settings(ClientVersion.text(), options.gasCap(), options.maxLogsRange(), options.leastTip()),
                new EthApi.Surroundings(
                        ImpersonatedSignature::senderOf,
                        producer::nextTimestamp,
                        DevKeys.addresses(),
                        this::afterSend,
                        NetworkView.ALONE));
        RpcRegistry registry = new RpcRegistry();
        eth.register(registry);
        // Nobody else makes blocks here: there is nothing to verify.
        ModelApi.register(registry, node, eth, new WorkCounts(validator.address()), Optional.empty());
        registerHelpers(registry, eth);
        SubscriptionHub hub = new SubscriptionHub();
        eth.publishTo(hub);
        return RpcServer.start(options.server(), registry, executor, hub);
    }

    private void registerHelpers(RpcRegistry registry, EthApi eth) {
        long firstBlock = node.chain().head().number();
        new MiningMethods(node.chain(), producer, node.pool(), time, nextBlock, firstBlock).register(registry);
        new StateMethods(node.chain().states(), this::edit).register(registry);
        new AccountMethods(
                        node.config().chainId(),
                        node.pool(),
                        eth.oracle(),
                        () -> nextBlock.get().baseFee().orElseGet(eth.oracle()::nextBaseFee),
                        eth.environments(),
                        eth.execution(),
                        this::afterSend)
                .register(registry);
        new InfoMethods(node.chain(), producer, nextBlock).register(registry);
        node.config()
                .inference()
                .ifPresent(config ->
                        new PublicationMethods(publisher, config.limits().maxModelBytes()).register(registry));
    }

    /** On an instant network a transaction is in a block when its sender gets the hash. */
    private void afterSend(AddResult.Added added) {
        if (producer.mode() instanceof BlockProducer.Mode.Instant) {
            mined.await(added);
        }
    }

    private void edit(Consumer<Journal> decree) {
        producer.whilePaused(() -> {
            long timestamp = node.chain().head().header().timestamp() + 1;
            nextBlock.decreeing(true);
            try {
                Proposal proposal = proposals.proposeDecree(sealer.address(), timestamp, decree);
                Block sealed = sealer.seal(proposal.block(), proposals.validators());
                proposals.commit(proposal, sealed);
            } finally {
                nextBlock.decreeing(false);
            }
        });
    }

    private Hash publishSample(byte[] file) {
        try {
            return publish(file).id();
        } catch (MalformedModelException | PublicationRefusedException | IOException e) {
            throw new IllegalStateException("the sample model cannot be published: " + e.getMessage(), e);
        }
    }

    /**
     * Makes a model callable. A model that is active already stays as it is.
     *
     * @throws MalformedModelException when the file is refused
     * @throws PublicationRefusedException when the registry does not take the model
     */
    public Model publish(byte[] file) throws MalformedModelException, PublicationRefusedException, IOException {
        return publisher.publish(file);
    }

    public Node node() {
        return node;
    }

    public Address validator() {
        return validator.address();
    }

    /** The sample model's id, when it was published. */
    public Optional<Hash> sampleModel() {
        return sampleModel;
    }

    /** The JSON-RPC port in use. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() throws IOException {
        server.close();
        executor.close();
        producer.close();
        clock.close();
        node.close();
        if (temporary) {
            Directories.delete(dataPath);
        }
    }
}
