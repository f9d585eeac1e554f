package io.engram.p2p.mdl;

import java.time.Duration;

/** The bounds of the protocol. */
public final class MdlLimits {
    /** Bytes of any message; a larger one is a breach. The longest list of steps fits. */
    public static final int MESSAGE_BYTES = 12 * 1_024 * 1_024;

    /** Bytes of a chunk of a model file; the last one may be shorter. */
    public static final int CHUNK_BYTES = 16 * 1_024;

    /** Chunks in a request or an answer: short enough not to hold up votes in the same session for long. */
    public static final int CHUNKS = 16;

    /** Hashes of a chunk's path: those of a file of 2^31 chunks. */
    public static final int PATH = 31;

    /** Models that a node may say it holds. */
    public static final int HELD = 16_384;

    /** Signatures in one message, one for each validator. */
    public static final int SIGNATURES = 1_024;

    public static final int SIGNATURE_BYTES = 65;

    /** Receipts of a block's inferences. */
    public static final int INFERENCE_RECEIPTS = 16_384;

    /** Bytes of a receipt ({@code docs/inference-spec.md}). */
    public static final int INFERENCE_RECEIPT_BYTES = 196;

    /** Steps of an inference. */
    public static final int STEPS = 4_096;

    /** Bytes of a step's leaf: one with the most operands. */
    public static final int STEP_BYTES = 2_304;

    /** Bytes of all outputs of a block's inferences together; a block with more is not given to others. */
    public static final int OUTPUT_BYTES = 4 * 1_024 * 1_024;

    /** Requests to one peer that are not answered yet. */
    public static final int REQUESTS = 16;

    /** Requests for steps that are answered to one peer in a second; more are answered later. */
    public static final int SERVED_PER_SECOND = 4;

    public static final int SERVED_BURST = 16;

    /** Chunks, or as many bytes of receipts and outputs, sent to one peer in a second, 64 MiB; more are sent later. */
    public static final int CHUNKS_PER_SECOND = 4_096;

    public static final int CHUNK_BURST = 1_024;

    /** How long a request may go unanswered. */
    public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    /** How long a peer may take to send its Status. */
    public static final Duration STATUS_TIMEOUT = Duration.ofSeconds(5);

    private MdlLimits() {}
}
