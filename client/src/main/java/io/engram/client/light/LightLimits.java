package io.engram.client.light;

/** Bounds on proofs. */
public final class LightLimits {

    /** Bytes of a proof; larger ones are not read. */
    public static final int PROOF_BYTES = 16 << 20;

    /** Headers between genesis and the block. */
    static final int TRAIL = 1_024;

    /** Pieces of tensors in one proof. */
    public static final int CHUNKS = 64;

    /** Levels of a tree of up to 2^31 leaves. */
    static final int PATH = 31;

    private LightLimits() {}
}
