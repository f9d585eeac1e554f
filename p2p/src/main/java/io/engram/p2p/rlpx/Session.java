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

    /** Whether this side dialled. */
    boolean isOutbound();

    /**
     * Queues a message.
     *
     * @return false when the capability is not shared, the session is over, or more than
     *     {@link RlpxLimits#OUTBOUND_BYTES} wait for the peer to read them
     */
    boolean send(Capability capability, int code, Bytes payload);

    /** Stops or resumes taking bytes from the socket, so that the peer feels how fast this node is. */
    void setReading(boolean reading);

    void disconnect(DisconnectReason reason);
}
