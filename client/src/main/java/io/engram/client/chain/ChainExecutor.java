package io.engram.client.chain;

import io.engram.client.consensus.qbft.BlockExecutor;
import io.engram.client.consensus.qbft.BlockVerdict;
import io.engram.client.consensus.qbft.BuildOutcome;
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
import io.engram.inference.engine.CancelledException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
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

    /** Work on a height that may lose its purpose. */
    private static final class Work {
        private final long height;
        private final Optional<Hash> block;
        private volatile boolean givenUp;

        /** @param block on-chain hash; empty while it is being made */
        Work(long height, Optional<Hash> block) {
            this.height = height;
            this.block = block;
        }

        void check() {
            if (givenUp) {
                throw new CancelledException("another block is decided at height " + height);
            }
        }
    }

    private final Blockchain chain;
    private final BlockValidator validator;
    private final BlockImporter importer;
    private final BlockBuilder builder;
    private final ChainProposals proposals;
    private final TransactionPool pool;
    private final ProposedInferences proposed;
    private final RoundTimeouts timeouts;
    private final Consumer<QbftEvent> events;
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().daemon().name("consensus-execution").factory());

    /** What waits or runs, at most {@link #MAX_WAITING} and one. */
    private final Set<Work> underWay = ConcurrentHashMap.newKeySet();

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
        this.proposed = parts.proposed();
        this.events = events;
        chain.onChange(
                change -> events.accept(new QbftEvent.HeadChanged(change.head().header())));
        chain.onDecision(this::giveUpOthers);
        pool.onAdded(added -> events.accept(new QbftEvent.TransactionsAvailable()));
    }

    @Override
    public boolean hasTransactions() {
        return proposals.hasWork();
    }

    @Override
    public void build(long ticket, ProposalRequest request) {
        Work work = begin(request.parent().number() + 1, Optional.empty());
        worker.execute(() -> events.accept(new QbftEvent.BlockBuilt(
                ticket, ended(work, chain.exclusively(() -> build(request, work))))));
    }

    private Work begin(long height, Optional<Hash> block) {
        Work work = new Work(height, block);
        underWay.add(work);
        return work;
    }

    private <T> T ended(Work work, T outcome) {
        underWay.remove(work);
        return outcome;
    }

    /** Gives up all other work on the height of a decided block, and below: it holds up the import of that block. */
    private void giveUpOthers(BlockHeader decided) {
        Optional<Hash> hash = Optional.of(chain.rules().hasher().hash(decided));
        for (Work work : underWay) {
            if (work.height <= decided.number() && !work.block.equals(hash)) {
                work.givenUp = true;
            }
        }
    }

    private BuildOutcome build(ProposalRequest request, Work work) {
        if (!isHead(request.parent())) {
            return new BuildOutcome.LocalFault("the head has changed");
        }
        try {
            BlockBuilder.Attributes attributes = new BlockBuilder.Attributes(
                    request.coinbase(),
                    request.timestamp(),
                    Hash.ZERO,
                    Integer.MAX_VALUE,
                    request.policy()::admits,
                    BlockOverrides.NONE);
            BuiltBlock built =
                    builder.build(attributes, new PoolSource(pool, pool.head().baseFee()), work::check);
            keep(built.executed(), built.state());
            proposed.note(built.executed());
            return new BuildOutcome.Built(BftBlock.of(built.block()), models(built.executed()));
        } catch (LocalFaultException | CancelledException e) {
            return new BuildOutcome.LocalFault(String.valueOf(e.getMessage()));
        } catch (RlpException | RuntimeException e) {
            LOG.error("No block could be made", e);
            return new BuildOutcome.LocalFault(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void validate(long ticket, Block block, BlockHeader parent) {
        Work work = begin(
                block.header().number(), Optional.of(chain.rules().hasher().hash(block.header())));
        worker.execute(() -> events.accept(new QbftEvent.BlockJudged(
                ticket, ended(work, chain.exclusively(() -> timed(block, parent, work))))));
    }

    private BlockVerdict timed(Block block, BlockHeader parent, Work work) {
        long start = System.nanoTime();
        BlockVerdict verdict = judge(block, parent, work);
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

    private BlockVerdict judge(Block block, BlockHeader parent, Work work) {
        if (!isHead(parent)) {
            return new BlockVerdict.LocalFault("the head has changed", Set.of());
        }
        try {
            return switch (validator.validateProposal(block, work::check)) {
                case BlockValidator.Result.Invalid invalid -> new BlockVerdict.Invalid(invalid.reason(), Set.of());
                case BlockValidator.Result.Valid valid -> {
                    keep(valid.block(), valid.state());
                    yield new BlockVerdict.Valid(models(valid.block()));
                }
            };
        } catch (LocalFaultException | CancelledException e) {
            return new BlockVerdict.LocalFault(String.valueOf(e.getMessage()), Set.of());
        } catch (RuntimeException e) {
            LOG.error("A proposed block could not be executed", e);
            return new BlockVerdict.LocalFault(String.valueOf(e.getMessage()), Set.of());
        }
    }

    @Override
    public void importDecided(Block sealed) {
        giveUpOthers(sealed.header());
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

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
