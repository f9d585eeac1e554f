package io.engram.p2p.discovery;

import io.engram.genesis.crypto.KeyPair;
import io.engram.p2p.eth.ForkId;
import io.engram.p2p.peer.EnodeUrl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ethereum.beacon.discovery.DiscoverySystem;
import org.ethereum.beacon.discovery.DiscoverySystemBuilder;
import org.ethereum.beacon.discovery.schema.NodeRecord;
import org.ethereum.beacon.discovery.schema.NodeRecordFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Discovery v5 by the library that Besu and Teku use. It finds nodes whose record has an {@code eth} entry with an acceptable
 * fork id. Boot nodes are node records ({@code enr:…}); enode URLs do not suffice for this version.
 */
public final class DiscoveryV5 implements Discovery {

    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryV5.class);

    /** Between two searches at first; doubled each time up to the longest. */
    private static final Duration FIRST_INTERVAL = Duration.ofMillis(500);

    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);
    private static final Duration SEARCH_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

    /** Nodes handed out that are remembered, so that each is handed out once. */
    private static final int REMEMBERED = 2_048;

    private final KeyPair keys;
    private final DiscoveryOptions options;
    private final List<NodeRecord> bootRecords;
    private final CountDownLatch closing = new CountDownLatch(1);
    private Optional<DiscoverySystem> system = Optional.empty();

    /** @param bootRecords asked first */
    public DiscoveryV5(KeyPair keys, DiscoveryOptions options, List<NodeRecord> bootRecords) {
        this.keys = keys;
        this.options = options;
        this.bootRecords = List.copyOf(bootRecords);
    }

    /** Reads {@code enr:…}; empty unless it is well-formed and its signature holds. */
    public static Optional<NodeRecord> parseRecord(String text) {
        try {
            NodeRecord record = NodeRecordFactory.DEFAULT.fromEnr(text.strip());
            return record.isValid() ? Optional.of(record) : Optional.empty();
        } catch (RuntimeException e) {
            // The library reports malformed records by unchecked errors of several kinds.
            return Optional.empty();
        }
    }

    @Override
    public synchronized int start() throws IOException {
        InetSocketAddress listen = options.listen();
        NodeRecord record = NodeRecords.local(
                keys,
                options.advertisedHost(),
                listen.getPort(),
                options.tcpPort(),
                options.forkId(),
                System.currentTimeMillis());
        DiscoverySystem started = new DiscoverySystemBuilder()
                .signer(NodeRecords.signer(keys))
                .listen(listen.getAddress().getHostAddress(), listen.getPort())
                .localNodeRecord(record)
                .bootnodes(bootRecords)
                .build();
        try {
            started.start()
                    .orTimeout(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new IOException("cannot listen on UDP " + listen, e.getCause());
        }
        system = Optional.of(started);
        Thread.ofVirtual().name("discovery v5").start(() -> searchUntilClosed(started));
        return listen.getPort();
    }

    /** This node's record as text; empty before the start. */
    public synchronized Optional<String> record() {
        return system.map(running -> running.getLocalNodeRecord().asEnr());
    }

    @Override
    public synchronized void updateForkId(ForkId forkId) {
        system.ifPresent(running -> running.updateCustomFieldValue(NodeRecords.ETH, forkId.toRecordEntry()));
    }

    private void searchUntilClosed(DiscoverySystem running) {
        Set<EnodeUrl> known = new LinkedHashSet<>();
        Duration interval = FIRST_INTERVAL;
        try {
            do {
                interval = interval.compareTo(LONGEST_INTERVAL) < 0 ? interval.multipliedBy(2) : LONGEST_INTERVAL;
                Collection<NodeRecord> found = search(running);
                Stream.concat(found.stream(), running.streamLiveNodes())
                        .filter(this::isAcceptable)
                        .flatMap(record -> NodeRecords.enode(record).stream())
                        .filter(known::add)
                        .forEach(options.found());
                while (known.size() > REMEMBERED) {
                    known.remove(known.iterator().next());
                }
            } while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Collection<NodeRecord> search(DiscoverySystem running) {
        try {
            return running.searchForNewPeers()
                    .orTimeout(SEARCH_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            LOG.debug("a search failed: {}", e.getMessage());
            return List.of();
        }
    }

    private boolean isAcceptable(NodeRecord record) {
        return NodeRecords.forkId(record).map(options.acceptable()::test).orElse(false);
    }

    @Override
    public synchronized void close() {
        closing.countDown();
        system.ifPresent(DiscoverySystem::stop);
        system = Optional.empty();
    }
}
