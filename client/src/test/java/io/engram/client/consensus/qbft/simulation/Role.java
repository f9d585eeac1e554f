package io.engram.client.consensus.qbft.simulation;

/** What a validator is like. All but the first count among the f faulty ones. */
enum Role {
    HONEST,
    /** Lies in every way that the simulation knows. */
    BYZANTINE,
    /** Follows the protocol; its back end computes other bits than everybody's. */
    WRONG_INFERENCE,
    /** Follows the protocol; its back end fails. */
    FAILING_INFERENCE,
    /** Follows the protocol; at some time its disk is lost. */
    LOSES_DISK
}
