package io.engram.client.rpc;

/** Every bound of the JSON-RPC server, in one place. */
public final class RpcLimits {

    /** Requests in one batch. */
    public static final int BATCH = 1024;

    /** Bytes of one request body or WebSocket message. */
    public static final int BODY_BYTES = 32 << 20;

    /** Bytes of a too long body that are read and dropped so that the client can read its answer. */
    public static final long DRAIN_BYTES = 4L * BODY_BYTES;

    /** Bytes of all answers of one batch; the members beyond it get an error. */
    public static final int RESPONSE_BYTES = 128 << 20;

    /** Nesting of arrays and objects in a request. */
    public static final int JSON_DEPTH = 64;

    /** Nesting of an answer: a trace of 1,024 calls has two levels for each. */
    public static final int ANSWER_DEPTH = 4_096;

    /** A batch of more members than this leaves the event loop, however cheap they are. */
    public static final int BATCH_ON_EVENT_LOOP = 8;

    /** Open connections, HTTP and WebSocket together. */
    public static final int CONNECTIONS = 1024;

    /** Seconds after which an idle connection is closed. */
    public static final int IDLE_SECONDS = 120;

    /** Seconds that one request may run, unless the operator says otherwise. */
    public static final int REQUEST_SECONDS = 30;

    /** Requests that wait for an execution slot. */
    public static final int WAITING_EXECUTIONS = 4096;

    /** Blocks that one log query may span. */
    public static final int LOG_BLOCK_RANGE = 5_000;

    /** Logs that one answer may hold. */
    public static final int LOG_RESULTS = 20_000;

    /** Addresses, or alternatives of one topic, in a log query. */
    public static final int LOG_ALTERNATIVES = 1_000;

    /** Installed filters; each lives until it is not asked for {@link #FILTER_SECONDS}. */
    public static final int FILTERS = 1_000;

    public static final int FILTER_SECONDS = 300;

    /** Subscriptions of one WebSocket connection. */
    public static final int SUBSCRIPTIONS = 256;

    /** Bytes queued for a subscriber that does not read; beyond it the connection is closed. */
    public static final int SUBSCRIPTION_QUEUE_BYTES = 16 << 20;

    /** Storage slots in one eth_getProof. */
    public static final int PROOF_SLOTS = 1_024;

    /** Blocks in one eth_feeHistory. */
    public static final int FEE_HISTORY_BLOCKS = 1_024;

    /** Percentiles in one eth_feeHistory. */
    public static final int FEE_HISTORY_PERCENTILES = 100;

    private RpcLimits() {}
}
