package io.engram.client.sync;

import io.engram.client.chain.BodyRules;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.HeaderHasher;
import io.engram.p2p.eth.EthPeer;
import io.engram.p2p.peer.Penalty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Fetches the bodies of checked headers from the peers in turn. A body is taken only where its header commits to it; what one peer
 * lacks is asked of another. Thread-safe.
 */
final class BodyDownload {

    private static final long PAUSE_MILLIS = 200;

    private final SyncPeers peers;
    private final HeaderHasher hasher;

    BodyDownload(SyncPeers peers, HeaderHasher hasher) {
        this.peers = peers;
        this.hasher = hasher;
    }

    /** The blocks of {@code headers}, with the peer that gave the last of them. */
    List<BlockBuffer.Fetched> fetch(List<BlockHeader> headers, EthPeer headerSource)
            throws DownloadException, InterruptedException {
        List<Optional<BlockBuffer.Fetched>> blocks = new ArrayList<>();
        for (BlockHeader header : headers) {
            blocks.add(emptyBody(header).map(body -> new BlockBuffer.Fetched(new Block(header, body), headerSource)));
        }
        for (int attempt = 0;
                attempt < SyncLimits.BODY_ATTEMPTS && blocks.contains(Optional.<BlockBuffer.Fetched>empty());
                attempt++) {
            request(headers, blocks);
        }
        List<BlockBuffer.Fetched> complete =
                blocks.stream().flatMap(Optional::stream).toList();
        if (complete.size() < headers.size()) {
            throw new DownloadException("no peer gives the bodies of blocks "
                    + headers.getFirst().number() + " to " + headers.getLast().number());
        }
        return complete;
    }

    /** The body of a block that holds nothing need not be asked for. */
    private static Optional<BlockBody> emptyBody(BlockHeader header) {
        BlockBody empty =
                new BlockBody(List.of(), List.of(), header.withdrawalsRoot().map(root -> List.of()));
        return BodyRules.belongs(header, empty) ? Optional.of(empty) : Optional.empty();
    }

    private void request(List<BlockHeader> headers, List<Optional<BlockBuffer.Fetched>> blocks)
            throws InterruptedException {
        List<Integer> missing = new ArrayList<>();
        List<Hash> hashes = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            if (blocks.get(i).isEmpty()) {
                missing.add(i);
                hashes.add(hasher.hash(headers.get(i)));
            }
        }
        Optional<EthPeer> peer = peers.next(headers.getLast().number());
        if (peer.isEmpty()) {
            Thread.sleep(PAUSE_MILLIS);
            return;
        }
        List<BlockBody> bodies;
        try {
            bodies = peer.get().bodies(hashes).get();
        } catch (ExecutionException e) {
            peers.coolOff(peer.get());
            return;
        }
        if (bodies.isEmpty()) {
            peers.coolOff(peer.get());
        }
        int next = 0;
        for (BlockBody body : bodies) {
            while (next < missing.size() && !BodyRules.belongs(headers.get(missing.get(next)), body)) {
                next++;
            }
            if (next == missing.size()) {
                peer.get().peer().penalise(Penalty.INVALID_DATA);
                peers.coolOff(peer.get());
                return;
            }
            int at = missing.get(next);
            blocks.set(at, Optional.of(new BlockBuffer.Fetched(new Block(headers.get(at), body), peer.get())));
            next++;
        }
    }
}
