package io.engram.p2p.eth;

import java.time.Duration;

/** The bounds of the protocol; counts and soft limits are those that geth and Besu keep. */
public final class EthLimits {

    /** Bytes of any message; a larger one is a breach. */
    public static final int MESSAGE_BYTES = 10 * 1_024 * 1_024;

    /** Bytes after which an answer takes in no further item. */
    public static final int RESPONSE_BYTES = 2 * 1_024 * 1_024;

    /** Headers in a request or an answer. */
    public static final int HEADERS = 1_024;

    /** Bodies in a request or an answer. */
    public static final int BODIES = 1_024;

    /** Blocks whose receipts are in a request or an answer. */
    public static final int RECEIPTS = 1_024;

    /** Transactions in a request for pooled ones or its answer. */
    public static final int POOLED_TRANSACTIONS = 256;

    /** Transactions sent unasked in one message. */
    public static final int TRANSACTIONS = 4_096;

    /** Transactions or blocks announced in one message. */
    public static final int ANNOUNCEMENTS = 4_096;

    /** Transactions of a block; a block of the largest size holds no more. */
    public static final int BLOCK_TRANSACTIONS = 1 << 17;

    /** Requests to one peer that are not answered yet. */
    public static final int REQUESTS = 16;

    /** Requests of one peer that are answered in a second; more are answered later. */
    public static final int SERVED_PER_SECOND = 100;

    public static final int SERVED_BURST = 200;

    /** How long a request may go unanswered. */
    public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    /** How long a peer may take to send its Status. */
    public static final Duration STATUS_TIMEOUT = Duration.ofSeconds(5);

    /** Transactions remembered as known to a peer. */
    public static final int KNOWN_TRANSACTIONS = 32_768;

    /** Blocks remembered as known to a peer. */
    public static final int KNOWN_BLOCKS = 1_024;

    /** Blocks by which the range must move before peers are told again (EIP-7642). */
    public static final int RANGE_UPDATE_BLOCKS = 32;

    private EthLimits() {}
}
