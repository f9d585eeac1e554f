package io.engram.p2p.discovery;

import io.engram.p2p.eth.ForkId;
import io.engram.p2p.peer.EnodeUrl;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a discovery protocol needs to know.
 *
 * @param listen UDP address; port 0 for any free one
 * @param advertisedHost IP address under which others reach this node
 * @param tcpPort of RLPx
 * @param bootNodes asked first; those without a UDP port are left out
 * @param forkId of this node's head
 * @param acceptable whether a node with that fork id can be on this chain
 * @param found takes each node that was found; must not block
 */
public record DiscoveryOptions(
        InetSocketAddress listen,
        String advertisedHost,
        int tcpPort,
        List<EnodeUrl> bootNodes,
        ForkId forkId,
        Predicate<ForkId> acceptable,
        Consumer<EnodeUrl> found) {
    public DiscoveryOptions {
        bootNodes = bootNodes.stream().filter(node -> node.udpPort() != 0).toList();
    }
}
