package io.engram.client.chain;

import io.engram.client.consensus.qbft.BlockExecutor;
import io.engram.client.consensus.qbft.BlockVerdict;
import io.engram.client.consensus.qbft.BuildOutcome;
import io.engram.client.consensus.qbft.InferencePolicy;
import io.engram.client.consensus.qbft.ProposalRequest;
import io.engram.client.consensus.qbft.QbftEvent;
import io.engram.client.consensus.qbft.RoundTimeouts;
import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.client.pool.TransactionPool;
import io.engram.client.state.StagedState;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.rlp.RlpException;
import io.engram.inference.commitment.InferenceReceipt;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes, makes and adds blocks for consensus on a thread of its own, while nobody else changes the chain. What was
 * executed for a proposal is kept, so that the decided block is written without running it again.
 */
public final class ChainExecutor implements BlockExecutor, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChainExecutor.class);

    /** Calls that wait; consensus has fewer under way. */
    private static final int MAX_WAITING = 64;

    /** Executed blocks kept in memory until one of them is decided. */
    private static final int MAX_KEPT = 4;

    private record Executed(ExecutedBlock block, StagedState state) {}

    private final Blockchain chain;
    private final BlockValidator validator;
    private final BlockImporter importer;
    private final BlockBuilder builder;
    private final ChainProposals proposals;
    private final TransactionPool pool;
    private final RoundTimeouts timeouts;
    private final Consumer<QbftEvent> events;
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().daemon().name("consensus-execution").factory());

    /** By on-chain hash; for the worker's thread. */
    private final Map<Hash, Executed> executed = new LinkedHashMap<>();

    /** @param events takes the answers; called on the worker's thread and on that which changes the chain */
    public ChainExecutor(ChainAssembly parts, RoundTimeouts timeouts, Consumer<QbftEvent> events) {
        this.timeouts = timeouts;
        this.chain = parts.chain();
        this.validator = parts.validator();
        this.importer = parts.importer();
        this.builder = parts.builder();
        this.proposals = parts.proposals();
        this.pool = parts.pool();
        this.events = events;
        chain.onChange(
                change -> events.accept(new QbftEvent.HeadChanged(change.head().header())));
        pool.onAdded(added -> events.accept(new QbftEvent.TransactionsAvailable()));
    }

    @Override
    public boolean hasTransactions() {
        return proposals.hasWork();
    }

    @Override
    public void build(long ticket, ProposalRequest request) {
        worker.execute(() -> events.accept(new QbftEvent.BlockBuilt(ticket, chain.exclusively(() -> build(request)))));
    }

    private BuildOutcome build(ProposalRequest request) {
        if (!isHead(request.parent())) {
            return new BuildOutcome.LocalFault("the head has changed");
        }
        try {
            BlockBuilder.Attributes attributes = new BlockBuilder.Attributes(
                    request.coinbase(),
                    request.timestamp(),
                    Hash.ZERO,
                    Integer.MAX_VALUE,
                    request.policy() instanceof InferencePolicy.All,
                    BlockOverrides.NONE);
            BuiltBlock built =
                    builder.build(attributes, new PoolSource(pool, pool.head().baseFee()));
            keep(built.executed(), built.state());
            return new BuildOutcome.Built(BftBlock.of(built.block()), models(built.executed()));
        } catch (LocalFaultException e) {
            return new BuildOutcome.LocalFault(String.valueOf(e.getMessage()));
        } catch (RlpException | RuntimeException e) {
            LOG.error("No block could be made", e);
            return new BuildOutcome.LocalFault(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void validate(long ticket, Block block, BlockHeader parent) {
        worker.execute(() ->
                events.accept(new QbftEvent.BlockJudged(ticket, chain.exclusively(() -> timed(block, parent)))));
    }

    private BlockVerdict timed(Block block, BlockHeader parent) {
        long start = System.nanoTime();
        BlockVerdict verdict = judge(block, parent);
        long millis = (System.nanoTime() - start) / 1_000_000;
        if (!timeouts.leavesRoomFor(millis)) {
            LOG.warn(
                    "Verifying block {} took {} ms; the cap of the round timeout, {} ms, should be four times as long",
                    block.header().number(),
                    millis,
                    timeouts.capMillis());
        }
        return verdict;
    }

    private BlockVerdict judge(Block block, BlockHeader parent) {
        if (!isHead(parent)) {
            return new BlockVerdict.LocalFault("the head has changed", Set.of());
        }
        try {
            return switch (validator.validateProposal(block)) {
                case BlockValidator.Result.Invalid invalid -> new BlockVerdict.Invalid(invalid.reason(), Set.of());
                case BlockValidator.Result.Valid valid -> {
                    keep(valid.block(), valid.state());
                    yield new BlockVerdict.Valid(models(valid.block()));
                }
            };
        } catch (LocalFaultException e) {
            return new BlockVerdict.LocalFault(String.valueOf(e.getMessage()), Set.of());
        } catch (RuntimeException e) {
            LOG.error("A proposed block could not be executed", e);
            return new BlockVerdict.LocalFault(String.valueOf(e.getMessage()), Set.of());
        }
    }

    @Override
    public void importDecided(Block sealed) {
        worker.execute(() -> {
            Hash hash = chain.rules().hasher().hash(sealed.header());
            try {
                Optional<String> fault = chain.exclusively(() -> add(sealed, hash));
                fault.ifPresent(reason -> events.accept(new QbftEvent.ImportFailed(hash, reason)));
            } catch (RuntimeException e) {
                LOG.error("Block {} is decided and cannot be added", hash, e);
                events.accept(new QbftEvent.ImportFailed(hash, String.valueOf(e.getMessage())));
            }
        });
    }

    private Optional<String> add(Block sealed, Hash hash) {
        Optional<Executed> kept = Optional.ofNullable(executed.get(hash));
        boolean onHead = sealed.header().parentHash().equals(chain.head().hash());
        if (kept.isPresent() && onHead) {
            Optional<String> fault = validator.sealFault(sealed.header());
            if (fault.isEmpty()) {
                executed.clear();
                chain.append(kept.get().block().sealedAs(sealed), kept.get().state());
            }
            return fault;
        }
        executed.clear();
        return switch (importer.importBlock(sealed)) {
            case ImportResult.Imported imported -> Optional.empty();
            case ImportResult.AlreadyKnown known -> Optional.empty();
            case ImportResult.Aside aside -> Optional.of("it does not follow the head");
            case ImportResult.Invalid invalid -> Optional.of(invalid.reason());
        };
    }

    private void keep(ExecutedBlock block, StagedState state) {
        executed.values().removeIf(old -> !isNext(old.block()));
        executed.put(block.hash(), new Executed(block, state));
        if (executed.size() > MAX_KEPT) {
            executed.remove(executed.keySet().iterator().next());
        }
    }

    private boolean isNext(ExecutedBlock block) {
        return block.block().header().parentHash().equals(chain.head().hash());
    }

    private boolean isHead(BlockHeader header) {
        return chain.head().header().equals(header);
    }

    private static Set<Hash> models(ExecutedBlock block) {
        return block.inferences().stream().map(InferenceReceipt::modelId).collect(Collectors.toUnmodifiableSet());
    }

    /** Calls that wait find out by themselves that the head has changed. */
    @Override
    public void abandon(long height) {}

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
