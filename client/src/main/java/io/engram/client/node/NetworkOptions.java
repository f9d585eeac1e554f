package io.engram.client.node;

import io.engram.p2p.peer.EnodeUrl;
import io.engram.p2p.peer.NodeId;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ethereum.beacon.discovery.schema.NodeRecord;

/**
 * How a node meets others.
 *
 * @param listen address of RLPx (TCP) and of discovery (UDP, v4); port 0 for any free one
 * @param advertisedHost IP address under which others reach this node
 * @param networkId absent: the chain id
 * @param bootNodes dialled while there is room, and asked for further nodes
 * @param bootRecords the same for discovery v5
 * @param staticNodes kept connected
 * @param maxPeers static nodes not counted
 * @param allowList when present, the only nodes that may be peers, static nodes excepted
 * @param discovery versions in use; empty for none
 * @param discoveryV5Port UDP port of discovery v5
 */
public record NetworkOptions(
        InetSocketAddress listen,
        String advertisedHost,
        Optional<Long> networkId,
        List<EnodeUrl> bootNodes,
        List<NodeRecord> bootRecords,
        List<EnodeUrl> staticNodes,
        int maxPeers,
        Optional<Set<NodeId>> allowList,
        Set<DiscoveryVersion> discovery,
        int discoveryV5Port) {

    /** The discovery protocols. */
    public enum DiscoveryVersion {
        V4,
        V5
    }

    public NetworkOptions {
        bootNodes = List.copyOf(bootNodes);
        bootRecords = List.copyOf(bootRecords);
        staticNodes = List.copyOf(staticNodes);
        allowList = allowList.map(Set::copyOf);
        discovery = Set.copyOf(discovery);
    }
}
