package io.engram.p2p.istanbul;

import io.engram.p2p.peer.NodeId;
import io.engram.p2p.peer.Peer;
import io.engram.p2p.peer.SubProtocol;
import io.engram.p2p.peer.WireException;
import io.engram.p2p.rlpx.Capability;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.tuweni.bytes.Bytes;

/**
 * Carries consensus messages as bytes. What they mean, who may send them and whether they are passed on is the listener's
 * business, as is remembering which it has seen. Thread-safe.
 */
public final class IstanbulProtocol implements SubProtocol {

    public static final Capability VERSION = new Capability("istanbul", 100);

    /** Message codes that the protocol takes up. */
    private static final int MESSAGES = 0x16;

    /** Bytes of a message: a block, its access list and the certificates of a large validator set. */
    static final int MESSAGE_BYTES = 12 * 1_024 * 1_024;

    private final IstanbulListener listener;
    private final Set<Peer> peers = ConcurrentHashMap.newKeySet();

    public IstanbulProtocol(IstanbulListener listener) {
        this.listener = listener;
    }

    @Override
    public Map<Capability, Integer> versions() {
        return Map.of(VERSION, MESSAGES);
    }

    /** The peers that speak the protocol, validators or not. */
    public List<Peer> peers() {
        return List.copyOf(peers);
    }

    @Override
    public void onConnected(Peer peer, Capability version) {
        peers.add(peer);
        listener.onConnected(peer);
    }

    @Override
    public void onMessage(Peer peer, Capability version, int code, Bytes payload) throws WireException {
        if (payload.size() > MESSAGE_BYTES) {
            throw new WireException("consensus message of " + payload.size() + " bytes");
        }
        IstanbulMessage message =
                IstanbulMessage.of(code).orElseThrow(() -> new WireException("no consensus message has code " + code));
        listener.onMessage(peer, message, payload);
    }

    @Override
    public void onDisconnected(Peer peer, Capability version) {
        peers.remove(peer);
    }

    /** Sends to every peer except those in {@code except}. */
    public void broadcast(IstanbulMessage message, Bytes payload, Set<NodeId> except) {
        for (Peer peer : peers) {
            if (!except.contains(peer.id())) {
                send(peer, message, payload);
            }
        }
    }

    /** @return whether the message was queued; a peer that does not read is dropped */
    public boolean send(Peer peer, IstanbulMessage message, Bytes payload) {
        return peer.send(VERSION, message.code(), payload);
    }
}
