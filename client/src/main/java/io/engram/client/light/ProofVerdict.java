package io.engram.client.light;

import io.engram.genesis.Hash;

/** What the check of a proof comes to. */
public sealed interface ProofVerdict {

    /** @param block hash of the block that holds the step */
    record Accepted(LightProof proof, Hash block) implements ProofVerdict {}

    record Refused(Reason reason, String detail) implements ProofVerdict {}

    /** Why a proof shows nothing. */
    enum Reason {
        /** The bytes are no proof in its one encoding. */
        MALFORMED,
        /** Made for a chain with another block 0, or with one that lists no validators. */
        OTHER_CHAIN,
        /** The trail's headers are not in order, or the block is genesis or from before inference. */
        ORDER,
        /** A header is not sealed by a quorum of the validators that it lists. */
        SEALS,
        /** A header lists validators of whom too few were trusted before. */
        VALIDATORS,
        /** The receipt is not in the block. */
        RECEIPT,
        /** The step is not in the inference. */
        STEP,
        /** A piece of a tensor is not what the step commits to. */
        CHUNK
    }
}
