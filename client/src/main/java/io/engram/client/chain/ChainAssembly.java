package io.engram.client.chain;

import io.engram.client.consensus.ValidatorProvider;
import io.engram.client.consensus.ValidatorSet;
import io.engram.client.consensus.validator.HeaderValidators;
import io.engram.client.consensus.validator.PendingVotes;
import io.engram.client.pool.PoolLimits;
import io.engram.client.pool.TransactionChecks;
import io.engram.client.pool.TransactionPool;
import io.engram.client.storage.Database;
import io.engram.client.storage.Durability;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.genesis.config.QbftConfig;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The parts of one chain, joined.
 *
 * @param validator judges blocks that others made
 * @param importer for blocks that others made
 * @param pool follows the head
 * @param votes of this node on validators
 * @param proposals for block production
 * @param executions of blocks, for running them again
 * @param evm shared by everything that executes
 * @param reference present where there are inferences
 * @param disagreements tells of blocks whose inferences the validator does not reproduce
 * @param proposed what consensus on this node proposed
 */
public record ChainAssembly(
        Blockchain chain,
        RocksChainStore store,
        BlockValidator validator,
        BlockImporter importer,
        BlockBuilder builder,
        CallSimulator simulator,
        TransactionPool pool,
        ValidatorProvider validators,
        PendingVotes votes,
        ChainProposals proposals,
        BlockExecutions executions,
        EvmFactory evm,
        Optional<ReferenceRuns> reference,
        Disagreements disagreements,
        ProposedInferences proposed) {

    /**
     * The reference back end, which decides who is right.
     *
     * @param replay runs blocks on it
     */
    public record ReferenceRuns(InferenceEngine engine, BlockReplay replay, BlockProcessor processor) {}

    /**
     * What the parts are given.
     *
     * @param inference must be present where the genesis file has inference
     * @param sealed who is asked for results of sealed blocks in place of computing them
     * @param durability of every block
     * @param targetGasLimit where blocks made here move the gas limit to
     * @param overrides asked for each block made here; none but on development networks
     */
    public record Settings(
            Optional<InferenceSupport> inference,
            Optional<SealedSource> sealed,
            PoolLimits poolLimits,
            long targetGasLimit,
            Durability durability,
            Supplier<BlockOverrides> overrides) {

        /** Every inference is computed. */
        public Settings(
                Optional<InferenceSupport> inference,
                PoolLimits poolLimits,
                long targetGasLimit,
                Durability durability,
                Supplier<BlockOverrides> overrides) {
            this(inference, Optional.empty(), poolLimits, targetGasLimit, durability, overrides);
        }
    }

    /**
     * Opens the chain of a genesis file, writing its genesis block into a new database.
     *
     * @throws InvalidGenesisException when the file contradicts itself
     * @throws IllegalArgumentException when the chain needs what this node does not have or support
     * @throws io.engram.client.storage.DatabaseException when the database holds another chain or is damaged
     */
    public static ChainAssembly open(GenesisFile file, Database database, Settings settings)
            throws InvalidGenesisException {
        return open(file.config(), GenesisState.of(file), database, settings);
    }

    /** As above, from the rules and the first block. */
    public static ChainAssembly open(ChainConfig config, GenesisState genesis, Database database, Settings settings) {
        ChainRules rules = new ChainRules(config);
        EvmFactory evm = new EvmFactory();
        RocksChainStore store =
                RocksChainStore.open(database, genesis.block(), genesis.allocation(), settings.durability());
        Blockchain chain = new Blockchain(store, store.state(), rules);
        CallSimulator simulator = new CallSimulator(chain, evm, settings.inference());
        ValidatorProvider validators = config.qbft()
                .<ValidatorProvider>map(qbft ->
                        new HeaderValidators(qbft, new StoredHeaders(store), new ValidatorContractCalls(simulator)))
                .orElse(parent -> new ValidatorSet(List.of()));
        TransactionPool pool = new TransactionPool(
                settings.poolLimits(), new TransactionChecks(rules.chainId()), PoolFollower.headOf(chain));
        PoolFollower.attach(chain, pool);
        BlockExecutions executions = new BlockExecutions(rules, evm, validators, settings.inference());
        Disagreements disagreements = new Disagreements();
        Optional<ReferenceRuns> reference = settings.inference().map(support -> {
            InferenceEngine engine = new InferenceEngine(new ReferenceBackend(), 0);
            BlockExecutions onReference = new BlockExecutions(
                    rules, evm, validators, Optional.of(new InferenceSupport(engine, support.models())));
            return new ReferenceRuns(engine, new BlockReplay(chain, onReference), new BlockProcessor(onReference));
        });
        Optional<BlockValidator.Referee> referee = reference.map(runs -> new BlockValidator.Referee(
                new BlockValidator(
                        rules, store, store.state(), validators, runs.processor(), pool::lendSenders, Optional.empty()),
                settings.inference().orElseThrow().engine(),
                disagreements));
        BlockValidator validator = new BlockValidator(
                rules, store, store.state(), validators, new BlockProcessor(executions), pool::lendSenders, referee);
        PendingVotes votes =
                new PendingVotes(config.qbft().map(QbftConfig::epochLength).orElse(1L), new StoredVotes(database));
        BlockBuilder builder = new BlockBuilder(chain, validators, votes, executions, settings.targetGasLimit());
        return new ChainAssembly(
                chain,
                store,
                validator,
                new BlockImporter(chain, validator, settings.sealed()),
                builder,
                simulator,
                pool,
                validators,
                votes,
                new ChainProposals(chain, validators, builder, pool, settings.overrides()),
                executions,
                evm,
                reference,
                disagreements,
                new ProposedInferences());
    }
}
