package io.engram.client.consensus.qbft.simulation;

/** A bug put into every honest validator, to see that the simulation finds it. */
enum Mutation {
    NONE,
    /** One validator less is a quorum. */
    QUORUM_OFF_BY_ONE,
    /** Safety state is kept in memory and never reaches the disk. */
    FORGOTTEN_SAFETY_WRITE,
    /** Inference roots are not compared. */
    SKIPPED_INFERENCE_CHECK
}
