package io.engram.client.node;

import io.engram.client.chain.ChainAssembly;
import io.engram.client.chain.ChainExecutor;
import io.engram.client.chain.StoredHeaders;
import io.engram.client.chain.StoredSafety;
import io.engram.client.consensus.BlockSigner;
import io.engram.client.consensus.RecoveredSignatures;
import io.engram.client.consensus.qbft.MessageSender;
import io.engram.client.consensus.qbft.QbftEvent;
import io.engram.client.consensus.qbft.QbftMachine;
import io.engram.client.consensus.qbft.QbftOptions;
import io.engram.client.consensus.qbft.QbftPorts;
import io.engram.client.consensus.qbft.QbftStatus;
import io.engram.client.consensus.qbft.QbftTimers;
import io.engram.client.consensus.qbft.RoundTimeouts;
import io.engram.client.storage.Database;
import io.engram.genesis.Address;
import io.engram.genesis.config.QbftConfig;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the QBFT machine of one node: one thread takes events from a bounded queue, blocks are executed on another.
 * Thread-safe.
 */
public final class QbftService implements ConsensusPeers.Receiver, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QbftService.class);

    /** Room in the queue that messages cannot take: for timers, answers of the executor and changes of the chain. */
    private static final int RESERVED = 1_024;

    private final int messageLimit;
    private final ArrayBlockingQueue<QbftEvent> events;
    private final Timers timers = new Timers();
    private final ChainExecutor executor;
    private final QbftMachine machine;
    private final Thread thread;

    /** Whether the queue says already that there are transactions; once is enough for any number of them. */
    private final AtomicBoolean transactionsTold = new AtomicBoolean();

    private volatile boolean running = true;
    private volatile Optional<QbftStatus> status = Optional.empty();

    /** @param sender must not call back into this object on the calling thread except by {@link #onMessage} */
    public QbftService(
            ChainAssembly parts,
            Database database,
            QbftConfig config,
            QbftOptions options,
            BlockSigner signer,
            MessageSender sender) {
        this.messageLimit = config.limits().messageQueue();
        this.events = new ArrayBlockingQueue<>(messageLimit + RESERVED);
        this.executor = new ChainExecutor(parts, RoundTimeouts.of(config, options), this::enqueue);
        RecoveredSignatures signatures = new RecoveredSignatures();
        this.machine = new QbftMachine(
                config,
                options,
                new QbftPorts(
                        signer,
                        signatures,
                        new StoredSafety(database, signatures),
                        executor,
                        sender,
                        timers,
                        parts.validators(),
                        new StoredHeaders(parts.store()),
                        parts.votes()),
                parts.chain().head().header());
        this.thread = Thread.ofPlatform().daemon().name("consensus").unstarted(this::work);
    }

    public void start() {
        thread.start();
    }

    /** A peer is connected, again perhaps; it is told what it may have missed. */
    @Override
    public void onConnected(Address peer) {
        if (events.size() < messageLimit && !events.offer(new QbftEvent.PeerConnected(peer))) {
            LOG.debug("{} is not told what it may have missed: the queue is full", peer);
        }
    }

    /**
     * A consensus message of a peer; returns at once. Dropped when too many wait, as if the network had lost it.
     *
     * @param code relative to the sub-protocol's offset
     */
    @Override
    public void onMessage(Address peer, int code, Bytes data) {
        if (events.size() < messageLimit && !events.offer(new QbftEvent.MessageReceived(peer, code, data))) {
            LOG.debug("A message of {} is dropped: the queue is full", peer);
        }
    }

    /** A validator's head, as {@link QbftEvent.HeadReported} asks for it. */
    public void onHeadReport(QbftEvent.HeadReported report) {
        if (events.size() < messageLimit && !events.offer(report)) {
            LOG.debug("A head report of {} is dropped: the queue is full", report.validator());
        }
    }

    /** As of the last event; empty before the first. */
    public Optional<QbftStatus> status() {
        return status;
    }

    /** For events that must not be lost; waits for room, which the consensus thread makes without waiting for anyone. */
    private void enqueue(QbftEvent event) {
        if (event instanceof QbftEvent.TransactionsAvailable && !transactionsTold.compareAndSet(false, true)) {
            return;
        }
        try {
            while (running && !events.offer(event, 1, TimeUnit.SECONDS)) {
                LOG.warn("The consensus thread is behind: {} events wait", events.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        guarded(machine::start);
        while (running) {
            try {
                QbftEvent event = events.take();
                if (event instanceof QbftEvent.TransactionsAvailable) {
                    transactionsTold.set(false);
                }
                guarded(() -> machine.handle(event));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** A bug in the handling of one event must not end the node's part in consensus: its signatures stay guarded. */
    private void guarded(Runnable step) {
        try {
            step.run();
            status = Optional.of(machine.status());
        } catch (RuntimeException e) {
            if (running) {
                LOG.error("A consensus event could not be handled", e);
            } else {
                LOG.debug("A consensus event came too late: the node is closing", e);
            }
        }
    }

    @Override
    public void close() {
        running = false;
        thread.interrupt();
        timers.close();
        executor.close();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Wall-clock reminders that become events. */
    private final class Timers implements QbftTimers, AutoCloseable {

        private final ScheduledExecutorService alarm = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("consensus-timer").factory());
        private final Map<Kind, Future<?>> pending = new EnumMap<>(Kind.class);

        @Override
        public long nowMillis() {
            return System.currentTimeMillis();
        }

        /** Called on the consensus thread only. */
        @Override
        public void schedule(Kind kind, long token, long atMillis) {
            Future<?> next = alarm.schedule(
                    () -> enqueue(new QbftEvent.TimerFired(kind, token)),
                    Math.max(0, atMillis - nowMillis()),
                    TimeUnit.MILLISECONDS);
            Future<?> before = pending.put(kind, next);
            if (before != null) {
                before.cancel(false);
            }
        }

        @Override
        public void close() {
            alarm.shutdownNow();
        }
    }
}
