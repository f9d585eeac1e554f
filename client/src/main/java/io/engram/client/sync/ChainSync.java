package io.engram.client.sync;

import io.engram.client.chain.BlockImporter;
import io.engram.client.chain.Blockchain;
import io.engram.client.chain.ChainStore;
import io.engram.client.chain.HeaderRules;
import io.engram.client.chain.ImportResult;
import io.engram.client.chain.InvalidBlockException;
import io.engram.client.consensus.ValidatorProvider;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import io.engram.p2p.eth.BlockStart;
import io.engram.p2p.eth.EthPeer;
import io.engram.p2p.peer.Penalty;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the chain to the head of its peers and keeps it there. One thread fetches headers, checks them and their seals, and has
 * the bodies fetched from several peers; another executes the blocks in order. Whatever goes wrong, it goes on from the stored head,
 * so a stop at any time costs nothing but the blocks that were waiting. Thread-safe.
 *
 * <p>It extends the chain and never leaves a branch: under QBFT a sealed block is final.
 */
public final class ChainSync implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChainSync.class);

    /** Fewer blocks behind than this is following, not syncing. */
    private static final long FOLLOWING = 3;

    private final Blockchain chain;
    private final BlockImporter importer;
    private final HeaderRules rules;
    private final ValidatorProvider validators;
    private final ImportGate gate;
    private final SyncPeers peers;
    private final BodyDownload bodies;
    private final BlockBuffer buffer = new BlockBuffer();
    private final BlockingQueue<Boolean> wakeUps = new ArrayBlockingQueue<>(1);
    private final Thread downloading;
    private final Thread importing;

    private volatile long startedAt;

    /** Where the chain began to catch up, where it is and where it goes to. */
    public record Progress(long starting, long current, long highest) {}

    /** @param gate what each block waits for */
    public ChainSync(
            Blockchain chain,
            BlockImporter importer,
            ValidatorProvider validators,
            ImportGate gate,
            InstantSource clock) {
        this.chain = chain;
        this.importer = importer;
        this.validators = validators;
        this.gate = gate;
        this.rules = new HeaderRules(chain.rules());
        this.peers = new SyncPeers(clock);
        this.bodies = new BodyDownload(peers, chain.rules().hasher());
        Thread.UncaughtExceptionHandler stopped =
                (thread, fault) -> LOG.error("{} stopped, and the chain stands still", thread.getName(), fault);
        this.downloading = Thread.ofVirtual()
                .name("sync download")
                .uncaughtExceptionHandler(stopped)
                .unstarted(this::downloadUntilClosed);
        this.importing = Thread.ofPlatform()
                .name("sync import")
                .daemon()
                .uncaughtExceptionHandler(stopped)
                .unstarted(this::importUntilClosed);
    }

    public void start() {
        downloading.start();
        importing.start();
    }

    void add(EthPeer peer) {
        peers.add(peer);
        check();
    }

    void remove(EthPeer peer) {
        peers.remove(peer);
    }

    /** Something may have changed at a peer. */
    void check() {
        boolean _ = wakeUps.offer(true);
    }

    /** A peer sent a whole block; the next one is imported at once, a later one shows that blocks are missing. */
    void offer(EthPeer peer, Block block) {
        boolean isNext = block.header().parentHash().equals(chain.head().hash());
        if (!isNext || !buffer.offer(new BlockBuffer.Fetched(block, peer))) {
            check();
        }
    }

    /** Present while the chain is behind its peers by more than it takes to follow them. */
    public Optional<Progress> progress() {
        long current = chain.head().number();
        long highest = peers.highest();
        return highest - current > FOLLOWING
                ? Optional.of(new Progress(startedAt, current, highest))
                : Optional.empty();
    }

    private void downloadUntilClosed() {
        try {
            while (true) {
                Boolean _ = wakeUps.poll(SyncLimits.CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                try {
                    download();
                } catch (DownloadException e) {
                    LOG.debug("download begins anew: {}", e.getMessage());
                }
                buffer.awaitEmpty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From the head on, until no peer has more or something fails. */
    private void download() throws DownloadException, InterruptedException {
        long generation = buffer.generation();
        if (progress().isEmpty()) {
            startedAt = chain.head().number();
        }
        HeaderChain headers =
                new HeaderChain(rules, this::checkSeals, chain.rules().hasher(), chain.head());
        Optional<EthPeer> source = peers.best(headers.last().number() + 1);
        while (source.isPresent()) {
            List<BlockHeader> batch = fetchHeaders(headers, source.get());
            if (batch.isEmpty()) {
                return;
            }
            if (!transfer(batch, source.get(), generation)) {
                return;
            }
            source = peers.best(headers.last().number() + 1);
        }
    }

    private void checkSeals(BlockHeader header, ChainStore.Head parent) throws InvalidBlockException {
        rules.checkSeals(header, parent, validators.after(parent.header()));
    }

    /** The next headers, checked; empty when the peer has none that are right. */
    private List<BlockHeader> fetchHeaders(HeaderChain headers, EthPeer peer) throws InterruptedException {
        long first = headers.last().number() + 1;
        List<BlockHeader> batch;
        try {
            batch = peer.headers(new BlockStart.ByNumber(first), SyncLimits.HEADERS, 0, false)
                    .get();
        } catch (ExecutionException e) {
            peers.coolOff(peer);
            return List.of();
        }
        if (batch.isEmpty()) {
            peers.coolOff(peer);
            peer.peer().penalise(Penalty.USELESS);
            return List.of();
        }
        Optional<String> fault = headers.append(batch);
        if (fault.isPresent()) {
            LOG.warn("{} sent a chain that is not this one: {}", peer, fault.get());
            peers.coolOff(peer);
            peer.peer().penalise(Penalty.INVALID_DATA);
            return List.of();
        }
        return batch;
    }

    /**
     * Fetches the bodies of a batch in chunks, several at once, and puts the blocks in order.
     *
     * @return false when a block before them could not be imported
     */
    private boolean transfer(List<BlockHeader> batch, EthPeer source, long generation)
            throws DownloadException, InterruptedException {
        ArrayDeque<CompletableFuture<List<BlockBuffer.Fetched>>> underWay = new ArrayDeque<>();
        for (int from = 0; from < batch.size() || !underWay.isEmpty(); from += SyncLimits.BODIES) {
            if (from < batch.size()) {
                underWay.add(fetch(batch.subList(from, Math.min(batch.size(), from + SyncLimits.BODIES)), source));
            }
            if (underWay.size() == SyncLimits.BODY_REQUESTS || from + SyncLimits.BODIES >= batch.size()) {
                for (BlockBuffer.Fetched block : await(underWay.removeFirst())) {
                    if (!buffer.put(block, generation)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private CompletableFuture<List<BlockBuffer.Fetched>> fetch(List<BlockHeader> headers, EthPeer source) {
        CompletableFuture<List<BlockBuffer.Fetched>> result = new CompletableFuture<>();
        Thread.ofVirtual().name("bodies").start(() -> {
            try {
                result.complete(bodies.fetch(headers, source));
            } catch (DownloadException | RuntimeException e) {
                result.completeExceptionally(e);
            } catch (InterruptedException e) {
                result.completeExceptionally(e);
                Thread.currentThread().interrupt();
            }
        });
        return result;
    }

    private static <T> T await(CompletableFuture<T> result) throws DownloadException, InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DownloadException failed) {
                throw failed;
            }
            throw new CompletionException(e.getCause());
        }
    }

    private void importUntilClosed() {
        try {
            while (true) {
                BlockBuffer.Fetched next = buffer.take();
                try {
                    importBlock(next);
                } finally {
                    buffer.done();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void importBlock(BlockBuffer.Fetched fetched) throws InterruptedException {
        long number = fetched.block().header().number();
        try {
            gate.await(number);
            switch (importer.importBlock(fetched.block())) {
                case ImportResult.Imported _, ImportResult.AlreadyKnown _, ImportResult.Aside _ ->
                    LOG.debug("block {} imported", number);
                case ImportResult.Invalid invalid -> {
                    LOG.warn("block {} of {} is not valid: {}", number, fetched.source(), invalid.reason());
                    fetched.source().peer().penalise(Penalty.INVALID_DATA);
                    peers.coolOff(fetched.source());
                    buffer.reset();
                }
            }
        } catch (LocalFaultException e) {
            LOG.error("Block {} cannot be judged here, and the chain stops before it: {}", number, e.getMessage());
            buffer.reset();
            Thread.sleep(SyncLimits.FAULT_RETRY);
        }
    }

    /** Stops between two blocks; waits for the one being imported. */
    @Override
    public void close() {
        downloading.interrupt();
        importing.interrupt();
        try {
            importing.join(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
