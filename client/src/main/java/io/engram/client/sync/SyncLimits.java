package io.engram.client.sync;

import java.time.Duration;

/** The bounds of syncing and gossip. */
final class SyncLimits {

    /** Headers asked for at once. */
    static final int HEADERS = 192;

    /** Bodies asked for at once; few, as each may have eight megabytes. */
    static final int BODIES = 12;

    /** Requests for bodies under way at once, over all peers. */
    static final int BODY_REQUESTS = 4;

    /** Bytes of blocks that wait to be executed; downloading waits meanwhile. */
    static final int BUFFERED_BYTES = 32 * 1_024 * 1_024;

    /** Times that a chunk of bodies is asked for before the download begins anew. */
    static final int BODY_ATTEMPTS = 5;

    /** Blocks that peers sent unasked and that wait to be imported. */
    static final int ANNOUNCED_BLOCKS = 16;

    /** How often the head is compared with those of the peers when nothing else asks for it. */
    static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    /** How long a peer that did not give what it claims to have is not asked. */
    static final Duration COOL_OFF = Duration.ofSeconds(10);

    /** Wait before the import of a block that this node could not judge is tried again. */
    static final Duration FAULT_RETRY = Duration.ofSeconds(2);

    /** Transactions of the pool that wait to be spread; more are left to be asked for. */
    static final int OUTGOING_TRANSACTIONS = 8_192;

    /** How long transactions are collected before they are spread. */
    static final Duration GOSSIP_INTERVAL = Duration.ofMillis(100);

    /** Announced transactions that were asked for and have not come. */
    static final int REQUESTED_TRANSACTIONS = 16_384;

    private SyncLimits() {}
}
