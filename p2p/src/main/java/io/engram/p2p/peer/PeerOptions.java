package io.engram.p2p.peer;

import java.util.Optional;
import java.util.Set;

/**
 * What an operator decides about peers.
 *
 * @param clientId what this node calls itself, such as {@code engram/v0.1.0/linux-x86_64/java25}
 * @param maxPeers peers at once, persistent ones not counted
 * @param maxInbound how many of them may have dialled this node, so that strangers cannot fill every place
 * @param allowList when present, nobody else is let in or dialled, persistent nodes excepted
 */
public record PeerOptions(String clientId, int maxPeers, int maxInbound, Optional<Set<NodeId>> allowList) {

    public static final int DEFAULT_MAX_PEERS = 25;

    /** Besu's default share of peers that dialled, in percent. */
    private static final int INBOUND_SHARE = 60;

    public PeerOptions {
        if (maxPeers < 0 || maxInbound < 0) {
            throw new IllegalArgumentException("a number of peers is not negative");
        }
        allowList = allowList.map(Set::copyOf);
    }

    public static PeerOptions of(String clientId, int maxPeers) {
        return new PeerOptions(clientId, maxPeers, Math.ceilDiv(maxPeers * INBOUND_SHARE, 100), Optional.empty());
    }
}
