package io.engram.p2p.istanbul;

import io.engram.p2p.peer.Peer;
import org.apache.tuweni.bytes.Bytes;

/** Takes consensus messages; called for each peer in order, from a virtual thread of that peer. */
public interface IstanbulListener {

    /** A peer that speaks the protocol is there; messages can be sent to it. */
    void onConnected(Peer peer);

    /** @param payload RLP that nobody has looked into yet */
    void onMessage(Peer peer, IstanbulMessage code, Bytes payload);
}
