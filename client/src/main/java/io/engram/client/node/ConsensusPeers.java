package io.engram.client.node;

import io.engram.client.consensus.qbft.MessageSender;
import io.engram.genesis.Address;
import io.engram.p2p.istanbul.IstanbulListener;
import io.engram.p2p.istanbul.IstanbulMessage;
import io.engram.p2p.istanbul.IstanbulProtocol;
import io.engram.p2p.peer.NodeId;
import io.engram.p2p.peer.Peer;
import io.engram.p2p.peer.Penalty;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consensus messages over {@code istanbul/100}. A validator's node key is its validator key, so that a peer's identity tells
 * which validator it is. Thread-safe.
 */
public final class ConsensusPeers implements MessageSender {

    private static final Logger LOG = LoggerFactory.getLogger(ConsensusPeers.class);

    /** Hears of peers and takes their messages. */
    public interface Receiver {
        void onConnected(Address peer);

        void onMessage(Address peer, int code, Bytes data);
    }

    private volatile Optional<Receiver> receiver = Optional.empty();
    private final IstanbulProtocol protocol = new IstanbulProtocol(listener());

    /** To be given to the peer network. */
    public IstanbulProtocol protocol() {
        return protocol;
    }

    /** What arrives before is dropped, as if the network had lost it. */
    public void deliverTo(Receiver target) {
        receiver = Optional.of(target);
    }

    private IstanbulListener listener() {
        return new IstanbulListener() {
            @Override
            public void onConnected(Peer peer) {
                receiver.ifPresent(target -> target.onConnected(addressOf(peer.id())));
            }

            @Override
            public void onMessage(Peer peer, IstanbulMessage code, Bytes payload) {
                receiver.ifPresent(target -> target.onMessage(addressOf(peer.id()), code.code(), payload));
            }
        };
    }

    @Override
    public void send(Set<Address> validators, int code, Bytes data) {
        IstanbulMessage message = message(code);
        for (Peer peer : protocol.peers()) {
            if (validators.contains(addressOf(peer.id())) && !protocol.send(peer, message, data)) {
                LOG.debug("{} does not read its consensus messages", peer);
            }
        }
    }

    @Override
    public void misbehaved(Address peer, String reason) {
        for (Peer connected : protocol.peers()) {
            if (addressOf(connected.id()).equals(peer)) {
                LOG.info("{} sent {}", connected, reason);
                connected.penalise(Penalty.BREACH);
            }
        }
    }

    private static IstanbulMessage message(int code) {
        for (IstanbulMessage message : IstanbulMessage.values()) {
            if (message.code() == code) {
                return message;
            }
        }
        throw new IllegalArgumentException("no consensus message has code " + code);
    }

    /** The address that a node has as a validator. */
    static Address addressOf(NodeId node) {
        return Address.ofPublicKey(node.publicKey().toArrayUnsafe());
    }
}
