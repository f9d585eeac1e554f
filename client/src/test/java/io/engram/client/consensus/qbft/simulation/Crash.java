package io.engram.client.consensus.qbft.simulation;

/** A node stops in the middle of whatever it is doing. */
final class Crash extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Crash() {
        super("crash", null, false, false);
    }
}
