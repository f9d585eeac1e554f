package io.engram.client.consensus.qbft;

/** Numbers that tie an answer to its question. */
final class Tickets {

    private long last;

    long next() {
        return ++last;
    }
}
