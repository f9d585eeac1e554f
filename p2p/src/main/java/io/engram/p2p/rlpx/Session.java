package io.engram.p2p.rlpx;

import java.net.SocketAddress;
import org.apache.tuweni.bytes.Bytes;

/** An open RLPx session with a peer whose key is proven. Thread-safe. */
public interface Session {

    /** Public key of the peer, 64 bytes. */
    Bytes remoteId();

    /** What the peer said of itself. */
    Hello remoteHello();

    CapabilityOffsets capabilities();

    SocketAddress remoteAddress();

    /**
     * Queues a message.
     *
     * @return false when the capability is not shared, or the peer does not read what is queued already
     */
    boolean send(Capability capability, int code, Bytes payload);

    void disconnect(DisconnectReason reason);
}
