package io.engram.client.consensus;

import io.engram.evm.LocalFaultException;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes blocks on a chain with one validator: this node. Thread-safe; blocks are made one at a time.
 *
 * <p>A local fault ends production until {@link #start} is called again and is handed to the fault handler: the fault
 * says nothing about the transactions, and going on would meet it again.
 */
public final class BlockProducer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BlockProducer.class);

    private static final long MILLIS = 1_000;

    /** When a block is made. */
    public sealed interface Mode {

        /** A block for each transaction as it arrives. */
        record Instant() implements Mode {}

        /**
         * A block every {@code periodMillis}; when there is no transaction, only every {@code emptyPeriodMillis}.
         *
         * @param emptyPeriodMillis at least the period
         */
        record Periodic(long periodMillis, long emptyPeriodMillis) implements Mode {
            public Periodic {
                if (periodMillis <= 0 || emptyPeriodMillis < periodMillis) {
                    throw new IllegalArgumentException(
                            "periods of " + periodMillis + " and " + emptyPeriodMillis + " ms");
                }
            }
        }

        /** Only when asked to. */
        record OnDemand() implements Mode {}
    }

    private final ProposalSource chain;
    private final BlockSealer sealer;
    private final ConsensusClock clock;
    private final LongSupplier timestampOffset;
    private final Consumer<LocalFaultException> onFault;
    private final ReentrantLock producing = new ReentrantLock();

    /** Whether a run of {@link #drain} is on its way; lets callers of {@link #onTransaction} go on without waiting. */
    private final AtomicBoolean drainScheduled = new AtomicBoolean();

    private volatile Mode mode = new Mode.OnDemand();
    private volatile boolean running;
    private Optional<ConsensusClock.Timer> timer = Optional.empty();

    /**
     * @param timestampOffset seconds added to the clock in block timestamps; 0 but on development networks
     * @param onFault told of the fault that ended production
     */
    public BlockProducer(
            ProposalSource chain,
            BlockSealer sealer,
            ConsensusClock clock,
            LongSupplier timestampOffset,
            Consumer<LocalFaultException> onFault) {
        this.chain = chain;
        this.sealer = sealer;
        this.clock = clock;
        this.timestampOffset = timestampOffset;
        this.onFault = onFault;
    }

    /** Starts, or goes on in another mode. */
    public void start(Mode newMode) {
        producing.lock();
        try {
            stop();
            mode = newMode;
            running = true;
            switch (newMode) {
                case Mode.Periodic periodic -> scheduleNext(periodic);
                case Mode.Instant instant -> scheduleDrain();
                case Mode.OnDemand onDemand -> {}
            }
        } finally {
            producing.unlock();
        }
    }

    public Mode mode() {
        return mode;
    }

    /** Makes no more blocks by itself. */
    public void stop() {
        producing.lock();
        try {
            running = false;
            timer.ifPresent(ConsensusClock.Timer::cancel);
            timer = Optional.empty();
        } finally {
            producing.unlock();
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** To be called when a transaction has become available; returns at once. */
    public void onTransaction() {
        if (running && mode instanceof Mode.Instant) {
            scheduleDrain();
        }
    }

    private void scheduleDrain() {
        if (drainScheduled.compareAndSet(false, true)) {
            clock.schedule(clock.nowMillis(), this::drain);
        }
    }

    /** One block for each waiting transaction, until a block finds none that it can take. */
    private void drain() {
        drainScheduled.set(false);
        producing.lock();
        try {
            while (running && mode instanceof Mode.Instant && chain.hasWork()) {
                if (make(nextTimestamp(), 1, false).isEmpty()) {
                    return;
                }
            }
        } catch (LocalFaultException e) {
            halt(e);
        } finally {
            producing.unlock();
        }
    }

    private void scheduleNext(Mode.Periodic periodic) {
        long parent = chain.head().timestamp() * MILLIS;
        long shifted = parent - timestampOffset.getAsLong() * MILLIS;
        long due = Math.max(shifted + periodic.periodMillis(), clock.nowMillis());
        scheduleAt(due, periodic);
    }

    private void scheduleAt(long due, Mode.Periodic periodic) {
        timer.ifPresent(ConsensusClock.Timer::cancel);
        timer = Optional.of(clock.schedule(due, () -> tick(due, periodic)));
    }

    private void tick(long due, Mode.Periodic periodic) {
        producing.lock();
        try {
            if (!running || !mode.equals(periodic)) {
                return;
            }
            try {
                makeIfDue(due, periodic);
            } catch (LocalFaultException e) {
                halt(e);
                return;
            } catch (RuntimeException e) {
                LOG.error("No block was made at this period", e);
            }
            scheduleAt(Math.max(due + periodic.periodMillis(), clock.nowMillis()), periodic);
        } finally {
            producing.unlock();
        }
    }

    private void makeIfDue(long due, Mode.Periodic periodic) {
        long parent = (chain.head().timestamp() - timestampOffset.getAsLong()) * MILLIS;
        boolean emptyDue = due >= parent + periodic.emptyPeriodMillis();
        if (emptyDue || chain.hasWork()) {
            make(nextTimestamp(), Integer.MAX_VALUE, emptyDue);
        }
    }

    private void halt(LocalFaultException fault) {
        LOG.error("No more blocks are made: {}", fault.getMessage());
        stop();
        onFault.accept(fault);
    }

    /** The earliest timestamp that a block made now may carry: the clock's, but later than the parent's. */
    public long nextTimestamp() {
        long now = Math.floorDiv(clock.nowMillis(), MILLIS) + timestampOffset.getAsLong();
        return Math.max(now, chain.head().timestamp() + 1);
    }

    /**
     * Makes a block at once, whatever the mode, even an empty one.
     *
     * @param timestamp seconds since 1970, later than the head's
     */
    public Block produce(long timestamp) {
        producing.lock();
        try {
            return make(timestamp, Integer.MAX_VALUE, true)
                    .orElseThrow(() -> new IllegalStateException("an empty block was asked for and not made"));
        } finally {
            producing.unlock();
        }
    }

    /** Runs {@code task} while no block is being made, so that the head stays what it is. */
    public void whilePaused(Runnable task) {
        whilePaused(() -> {
            task.run();
            return true;
        });
    }

    /** As {@link #whilePaused(Runnable)}, with what the task returns. */
    public <T> T whilePaused(Supplier<T> task) {
        producing.lock();
        try {
            return task.get();
        } finally {
            producing.unlock();
        }
    }

    private Optional<Block> make(long timestamp, int maxTransactions, boolean evenEmpty) {
        BlockHeader parent = chain.head();
        Proposal proposal = chain.propose(sealer.address(), timestamp, maxTransactions);
        if (!evenEmpty && proposal.block().body().transactions().isEmpty()) {
            return Optional.empty();
        }
        Block sealed = sealer.seal(proposal.block(), chain.validators());
        chain.commit(proposal, sealed);
        LOG.debug("Made block {} on {}", sealed.header().number(), parent.number());
        return Optional.of(sealed);
    }
}
