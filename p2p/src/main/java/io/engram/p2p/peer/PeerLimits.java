package io.engram.p2p.peer;

import java.time.Duration;

/** The bounds of the peer set that no option changes. */
public final class PeerLimits {

    /** Messages of one peer that wait for their handlers; beyond this the socket is not read. */
    public static final int QUEUED_MESSAGES = 256;

    /** Bytes of one peer's messages that wait for their handlers; beyond this the socket is not read. */
    public static final int QUEUED_BYTES = 8 * 1_024 * 1_024;

    /** Messages a second that one peer may send for long; a faster one is read more slowly. */
    public static final int MESSAGES_PER_SECOND = 1_000;

    /** Messages that one peer may send at once before it is read more slowly. */
    public static final int MESSAGE_BURST = 4_000;

    /** Peers at one public address. Private and loopback addresses are not counted: such networks share them. */
    public static final int PEERS_PER_ADDRESS = 3;

    /** Peers in one public /24 (IPv4) or /48 (IPv6). */
    public static final int PEERS_PER_SUBNET = 8;

    /** Dials under way at once. */
    public static final int CONCURRENT_DIALS = 16;

    /** Nodes waiting to be dialled that discovery or bootstrapping brought. */
    public static final int CANDIDATES = 512;

    /** Nodes that an operator may name. */
    public static final int PERSISTENT_NODES = 256;

    /** How often the dialler looks for something to do. */
    public static final Duration DIAL_INTERVAL = Duration.ofMillis(500);

    /** Wait before the first repeated dial of a node; doubled each time. */
    public static final Duration BACKOFF_MIN = Duration.ofSeconds(1);

    /** Longest wait between dials of a node that discovery brought. */
    public static final Duration BACKOFF_MAX = Duration.ofSeconds(30);

    /** The same for persistent and boot nodes: after a cut a chain may stand still until they are reached again. */
    public static final Duration NAMED_BACKOFF_MAX = Duration.ofSeconds(4);

    /** A session at least this long resets the wait. */
    public static final Duration STABLE_SESSION = Duration.ofSeconds(30);

    /** Two nodes that dial each other within this time settle on one session. */
    public static final Duration SIMULTANEOUS_DIAL = Duration.ofSeconds(5);

    /** Points at which a peer is dropped and banned. One point is forgotten each second. */
    public static final int BAN_SCORE = 100;

    public static final Duration BAN = Duration.ofMinutes(10);

    /** Nodes whose score or ban is remembered. */
    public static final int REMEMBERED_NODES = 4_096;

    private PeerLimits() {}
}
