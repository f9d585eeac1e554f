package io.engram.client.node;

import io.engram.client.chain.BlockExporter;
import io.engram.client.chain.BlockImporter;
import io.engram.client.chain.BlockOverrides;
import io.engram.client.chain.BlockReplay;
import io.engram.client.chain.Blockchain;
import io.engram.client.chain.CallSimulator;
import io.engram.client.chain.ChainAssembly;
import io.engram.client.chain.ChainProposals;
import io.engram.client.chain.InferenceSupport;
import io.engram.client.chain.PreExecutor;
import io.engram.client.consensus.BlockSigner;
import io.engram.client.consensus.ValidatorProvider;
import io.engram.client.consensus.qbft.MessageSender;
import io.engram.client.consensus.qbft.QbftOptions;
import io.engram.client.consensus.validator.PendingVotes;
import io.engram.client.divergence.DivergenceReporter;
import io.engram.client.divergence.ServedTraces;
import io.engram.client.exchange.ModelExchange;
import io.engram.client.model.ModelStore;
import io.engram.client.model.ModelSupply;
import io.engram.client.pool.PoolLimits;
import io.engram.client.pool.TransactionPool;
import io.engram.client.sealed.PeerClaims;
import io.engram.client.storage.Database;
import io.engram.client.storage.Durability;
import io.engram.genesis.Hash;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InferenceConfigHash;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.InferenceEngine;
import io.engram.p2p.mdl.MdlPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The parts of a node that follow and change a chain, without the servers in front of them: data directory, chain,
 * models and what runs them. Thread-safe. Closing it leaves the data path as the next start wants it.
 */
public final class Node implements AutoCloseable {

    /** Where block gas limits move to when nothing else is said (EIP-7935). */
    public static final long TARGET_GAS_LIMIT = 60_000_000;

    /**
     * What a node is made from.
     *
     * @param durability of each block
     * @param overrides asked for each block made here; none but on development networks
     * @param inference how models are run
     */
    public record Options(
            Path dataPath,
            GenesisFile genesis,
            Durability durability,
            long targetGasLimit,
            Supplier<BlockOverrides> overrides,
            InferenceSettings inference) {

        /** With default memory for models, and none run ahead. */
        public Options(
                Path dataPath,
                GenesisFile genesis,
                Durability durability,
                long targetGasLimit,
                Supplier<BlockOverrides> overrides,
                Backend backend) {
            this(dataPath, genesis, durability, targetGasLimit, overrides, InferenceSettings.of(backend));
        }
    }

    /** The engine keeps the models that it has prepared; the store keeps the latest one. */
    private static final long STORE_CACHE_BYTES = 0;

    private final DataDirectory directory;
    private final Database database;
    private final ChainConfig config;
    private final ModelStore models;
    private final ModelSupply supply;
    private final InferenceEngine engine;
    private final Optional<PeerClaims> claims;
    private final ChainAssembly parts;
    private final BlockReplay replay;
    private final Optional<PreExecutor> ahead;

    private Node(DataDirectory directory, Database database, Options options)
            throws IOException, InvalidGenesisException {
        this.directory = directory;
        this.database = database;
        this.config = options.genesis().config();
        this.models = new ModelStore(
                directory.models(),
                config.inference().map(InferenceConfig::limits).orElse(InferenceConfig.Limits.DEFAULT),
                STORE_CACHE_BYTES);
        this.supply = new ModelSupply(models);
        this.engine = new InferenceEngine(
                options.inference().backend(), options.inference().engine());
        this.claims = config.inference().isPresent() && options.inference().sync() == SyncInference.SEALED
                ? Optional.of(new PeerClaims())
                : Optional.empty();
        this.parts = ChainAssembly.open(
                options.genesis(),
                database,
                new ChainAssembly.Settings(
                        inference(engine),
                        claims.map(source -> source),
                        PoolLimits.DEFAULT,
                        options.targetGasLimit(),
                        options.durability(),
                        options.overrides()));
        this.replay = new BlockReplay(parts.chain(), parts.executions());
        this.ahead = options.inference().ahead() && config.inference().isPresent()
                ? Optional.of(PreExecutor.start(parts.chain(), parts.pool(), parts.executions()))
                : Optional.empty();
    }

    /**
     * Opens a node on its data path, making the genesis block there when it is new.
     *
     * @throws IOException when the data path cannot be used, or another process uses it
     * @throws InvalidGenesisException when the parts of the genesis file do not go together
     * @throws io.engram.client.storage.DatabaseException when the database holds another chain or is damaged
     */
    public static Node open(Options options) throws IOException, InvalidGenesisException {
        DataDirectory directory = DataDirectory.open(options.dataPath());
        Optional<Database> database = Optional.empty();
        boolean opened = false;
        try {
            database = Optional.of(Database.open(directory.database()));
            Node node = new Node(directory, database.get(), options);
            opened = true;
            return node;
        } finally {
            if (!opened) {
                database.ifPresent(Database::close);
                directory.close();
            }
        }
    }

    private Optional<InferenceSupport> inference(InferenceEngine runs) {
        return config.inference().map(_ -> new InferenceSupport(runs, supply));
    }

    public ChainConfig config() {
        return config;
    }

    public Blockchain chain() {
        return parts.chain();
    }

    public TransactionPool pool() {
        return parts.pool();
    }

    public ModelStore models() {
        return models;
    }

    /** This node's part in the distribution of models, yet to be started; to be closed before this node is. */
    Optional<ModelExchange> exchange(BlockSigner signer) {
        return config.inference().map(inference -> {
            Hash configHash = InferenceConfigHash.of(inference);
            ModelExchange exchange = new ModelExchange(
                    chain(),
                    models,
                    inference,
                    model -> RegistryCalls.of(model).digest(config.chainId(), ModelPublication.REGISTRY, configHash),
                    change -> SuspensionCalls.digest(change, config.chainId(), ModelPublication.REGISTRY),
                    Optional.of(signer),
                    traces());
            supply.onMissing(exchange::need);
            claims.ifPresent(source -> source.askFrom(exchange.protocol()::peers));
            return exchange;
        });
    }

    public InferenceEngine engine() {
        return engine;
    }

    public CallSimulator simulator() {
        return parts.simulator();
    }

    public BlockReplay replay() {
        return replay;
    }

    public ValidatorProvider validators() {
        return parts.validators();
    }

    /** This node's part in QBFT, yet to be started; to be closed before this node is. */
    QbftService consensus(QbftOptions options, BlockSigner signer, MessageSender sender) {
        return new QbftService(parts, database, config.qbft().orElseThrow(), options, signer, sender);
    }

    /** What this node's operator wants changed about the validators. */
    public PendingVotes votes() {
        return parts.votes();
    }

    public ChainProposals proposals() {
        return parts.proposals();
    }

    /** Adds other nodes' blocks, running every inference on this node's back end. */
    public BlockImporter importer() {
        return parts.importer();
    }

    public BlockExporter exporter() {
        return new BlockExporter(parts.store());
    }

    public Path nodeKeyFile() {
        return directory.nodeKey();
    }

    /**
     * What finds out whose result is wrong where this node does not reproduce a proposer's inferences; to be closed before this
     * node is.
     *
     * @param peers whom it may ask
     */
    Optional<DivergenceReporter> divergence(Supplier<List<MdlPeer>> peers) {
        return parts.reference().map(reference -> {
            DivergenceReporter reporter =
                    new DivergenceReporter(reference.replay(), reference.engine(), engine, new MdlTraces(peers));
            parts.disagreements().onDisagreement(reporter::onDisagreement);
            return reporter;
        });
    }

    /** The traces of inferences that this node gives to others. */
    private ServedTraces traces() {
        return new ServedTraces(parts.store(), parts.proposed(), engine, models::load, replay);
    }

    /** Whether results of sealed blocks are taken from peers. */
    boolean isSyncedFromSeals() {
        return claims.isPresent();
    }

    /** What runs inferences of pooled transactions ahead, where that is on. */
    public Optional<PreExecutor> ahead() {
        return ahead;
    }

    @Override
    public void close() throws IOException {
        ahead.ifPresent(PreExecutor::close);
        database.close();
        directory.close();
    }
}
