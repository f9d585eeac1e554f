package io.engram.p2p.rlpx;

import java.time.Duration;

/** Every bound of a session, so that a peer cannot make this node hold more than it names. */
public final class RlpxLimits {

    /** Bytes of an auth or ack packet, length prefix excluded. */
    public static final int HANDSHAKE_PACKET_BYTES = 2_048;

    /** Bytes of one message, both compressed and not (rlpx.md: 24-bit frame size). */
    public static final int MESSAGE_BYTES = 16 * 1_024 * 1_024 - 1;

    /** Bytes of a Hello, which is not compressed. */
    public static final int HELLO_BYTES = 2_048;

    /** Capabilities looked at in a Hello. */
    public static final int CAPABILITIES = 64;

    /** From the connection to the end of the Hello exchange. */
    public static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);

    /** Bytes queued for a peer that does not read; {@link Session#send} then refuses. */
    public static final int OUTBOUND_BYTES = 16 * 1_024 * 1_024;

    /** A queued message that the peer has not taken after this long ends the session. */
    public static final Duration WRITE_TIMEOUT = Duration.ofSeconds(20);

    /** Silence after which a ping is sent. */
    public static final Duration PING_INTERVAL = Duration.ofSeconds(5);

    /**
     * Silence after which the peer is taken to be gone. After a cut TCP alone tries again at intervals that double: one of
     * 30 s would be noticed to be over after 50 s.
     */
    public static final Duration READ_TIMEOUT = Duration.ofSeconds(15);

    /** Connections that strangers opened and that have not ended the Hello exchange. */
    public static final int PENDING_INBOUND = 64;

    private RlpxLimits() {}
}
