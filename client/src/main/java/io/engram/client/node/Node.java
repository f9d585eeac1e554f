package io.engram.client.node;

import io.engram.client.chain.BlockBuilder;
import io.engram.client.chain.BlockExecutions;
import io.engram.client.chain.BlockExporter;
import io.engram.client.chain.BlockImporter;
import io.engram.client.chain.BlockProcessor;
import io.engram.client.chain.BlockRules;
import io.engram.client.chain.BlockValidator;
import io.engram.client.chain.Blockchain;
import io.engram.client.chain.ChainProposals;
import io.engram.client.chain.ChainRules;
import io.engram.client.chain.ChainStore;
import io.engram.client.chain.EvmFactory;
import io.engram.client.chain.InferenceSupport;
import io.engram.client.chain.RocksChainStore;
import io.engram.client.chain.Simulation;
import io.engram.client.consensus.ValidatorProvider;
import io.engram.client.model.ModelStore;
import io.engram.client.pool.PoolHead;
import io.engram.client.pool.PoolLimits;
import io.engram.client.pool.TransactionChecks;
import io.engram.client.pool.TransactionPool;
import io.engram.client.storage.Database;
import io.engram.client.storage.Durability;
import io.engram.genesis.Wei;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.genesis.fork.Fork;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The parts of a node that follow and change a chain, without the servers in front of them: database, state, chain,
 * execution, models and pool. Thread-safe. Closing it leaves the data path as the next start wants it.
 */
public final class Node implements AutoCloseable {

    /** Where block gas limits move to when nothing else is said (EIP-7935). */
    public static final long TARGET_GAS_LIMIT = 60_000_000;

    /**
     * What a node is made from.
     *
     * @param durability of each block
     */
    public record Options(Path dataPath, GenesisFile genesis, Durability durability, long targetGasLimit) {}

    private final DataDirectory directory;
    private final Database database;
    private final ChainConfig config;
    private final Blockchain chain;
    private final ValidatorProvider validators;
    private final EvmFactory evm = new EvmFactory();
    private final ModelStore models;
    private final InferenceEngine engine;
    private final BlockExecutions executions;
    private final Simulation simulation;
    private final TransactionPool pool;
    private final long targetGasLimit;

    private Node(DataDirectory directory, Database database, Options options)
            throws IOException, InvalidGenesisException {
        this.directory = directory;
        this.database = database;
        this.config = options.genesis().config();
        this.targetGasLimit = options.targetGasLimit();
        GenesisState genesis = GenesisState.of(options.genesis());
        RocksChainStore store =
                RocksChainStore.open(database, genesis.block(), genesis.allocation(), options.durability());
        this.chain = new Blockchain(store, store.state(), new ChainRules(config));
        this.validators = new HeaderValidators(config.qbft());
        this.models = new ModelStore(
                directory.models(),
                config.inference().map(InferenceConfig::limits).orElse(InferenceConfig.Limits.DEFAULT),
                ModelStore.DEFAULT_CACHE_BYTES);
        this.engine = new InferenceEngine(new ReferenceBackend());
        this.executions = executions(engine);
        this.simulation = new Simulation(chain, evm, executions, inference(engine));
        this.pool = new TransactionPool(PoolLimits.DEFAULT, new TransactionChecks(config.chainId()), poolHead());
        chain.onChange(event -> pool.onHead(poolHead()));
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

    private BlockExecutions executions(InferenceEngine runs) {
        return new BlockExecutions(chain.rules(), evm, validators, inference(runs));
    }

    private Optional<InferenceSupport> inference(InferenceEngine runs) {
        return config.inference().map(_ -> new InferenceSupport(runs, models::load));
    }

    private PoolHead poolHead() {
        ChainStore.Head head = chain.head();
        BlockRules rules =
                chain.rules().after(head, Math.max(now(), head.header().timestamp() + 1));
        boolean london = rules.fork().isAtLeast(Fork.LONDON);
        return new PoolHead(
                rules.fork(),
                london ? chain.rules().nextBaseFee(head.header()) : Wei.ZERO,
                head.header().gasLimit(),
                chain.states().head());
    }

    private static long now() {
        return System.currentTimeMillis() / 1_000;
    }

    public ChainConfig config() {
        return config;
    }

    public Blockchain chain() {
        return chain;
    }

    public TransactionPool pool() {
        return pool;
    }

    public ModelStore models() {
        return models;
    }

    public InferenceEngine engine() {
        return engine;
    }

    public Simulation simulation() {
        return simulation;
    }

    public ValidatorProvider validators() {
        return validators;
    }

    public Path nodeKeyFile() {
        return directory.nodeKey();
    }

    public BlockBuilder builder() {
        return new BlockBuilder(chain, validators, executions, targetGasLimit);
    }

    /** @param gasLimitOverride asked for each block; empty but on development networks */
    public ChainProposals proposals(Supplier<Optional<Long>> gasLimitOverride) {
        return new ChainProposals(chain, validators, builder(), pool, gasLimitOverride);
    }

    /** Adds other nodes' blocks, running every inference on this node's back end. */
    public BlockImporter importer() {
        BlockProcessor processor = new BlockProcessor(executions);
        return new BlockImporter(
                chain, new BlockValidator(chain.rules(), chain.store(), chain.states(), validators, processor));
    }

    public BlockExporter exporter() {
        return new BlockExporter(chain.store());
    }

    /** Runs blocks again on another back end, remembering no results. */
    public BlockProcessor replayOn(Backend backend) {
        return new BlockProcessor(executions(new InferenceEngine(backend, 0)));
    }

    @Override
    public void close() throws IOException {
        database.close();
        directory.close();
    }
}
