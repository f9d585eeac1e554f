package io.engram.p2p.discovery.v4;

import io.engram.p2p.peer.NodeId;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Endpoint proofs: which nodes answered a ping from which address. A proof holds for 12 hours, as the specification says. Bounded:
 * the least recently proven is forgotten first. Not thread-safe.
 */
final class Bonds {

    private static final Duration VALIDITY = Duration.ofHours(12);
    private static final int CAPACITY = 4_096;

    private final Map<NodeId, Proof> proofs = new LinkedHashMap<>(16, 0.75f, true);

    private record Proof(InetAddress address, Instant at) {}

    void prove(NodeId node, InetAddress address, Instant now) {
        proofs.put(node, new Proof(address, now));
        if (proofs.size() > CAPACITY) {
            proofs.remove(proofs.keySet().iterator().next());
        }
    }

    boolean isProven(NodeId node, InetAddress address, Instant now) {
        return Optional.ofNullable(proofs.get(node))
                .filter(proof -> proof.address().equals(address)
                        && now.isBefore(proof.at().plus(VALIDITY)))
                .isPresent();
    }

    void forget(NodeId node) {
        proofs.remove(node);
    }
}
