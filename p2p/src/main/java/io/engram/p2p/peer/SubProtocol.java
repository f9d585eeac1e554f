package io.engram.p2p.peer;

import io.engram.p2p.rlpx.Capability;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;

/**
 * A protocol spoken inside RLPx sessions. Of its versions the highest that both sides speak is used.
 *
 * <p>The calls for one peer come one after another, from a virtual thread of that peer and protocol: blocking there is allowed,
 * delays that peer alone, and in the end stops its socket from being read. Calls for different peers are concurrent, and a peer
 * may come back before its last session has ended.
 */
public interface SubProtocol {

    /** Versions that this node speaks, all of one name, and how many message codes each has. */
    Map<Capability, Integer> versions();

    /** A peer that shares {@code version} is connected. */
    void onConnected(Peer peer, Capability version) throws WireException;

    /**
     * @param code from 0, within the protocol
     * @throws WireException when the peer must go
     */
    void onMessage(Peer peer, Capability version, int code, Bytes payload) throws WireException;

    /** The session is over; called once for each {@link #onConnected}, after all messages. */
    void onDisconnected(Peer peer, Capability version);
}
