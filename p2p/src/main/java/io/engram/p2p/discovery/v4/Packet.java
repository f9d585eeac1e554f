package io.engram.p2p.discovery.v4;

import io.engram.genesis.Hash;
import io.engram.p2p.peer.NodeId;
import java.util.List;
import java.util.OptionalLong;
import org.apache.tuweni.bytes.Bytes;

/** What a datagram says. Expirations are seconds since 1970. */
sealed interface Packet {

    /** @param recordSequence of the sender's node record (EIP-868) */
    record Ping(Endpoint from, Endpoint to, long expiration, OptionalLong recordSequence) implements Packet {}

    /** @param pingHash of the packet that is answered */
    record Pong(Endpoint to, Hash pingHash, long expiration, OptionalLong recordSequence) implements Packet {}

    /** @param target 64 bytes, not necessarily a point of the curve */
    record FindNode(Bytes target, long expiration) implements Packet {}

    record Neighbors(List<Neighbor> nodes, long expiration) implements Packet {}

    record EnrRequest(long expiration) implements Packet {}

    /** @param record encoded node record */
    record EnrResponse(Hash requestHash, Bytes record) implements Packet {}

    /** A node that another one knows. */
    record Neighbor(NodeId id, Endpoint endpoint) {}
}
