package io.engram.p2p.peer;

/** A request brought no answer: time ran out, the peer is gone, or too many requests to it are under way. */
public final class RequestException extends Exception {

    private static final long serialVersionUID = 1L;

    RequestException(String reason) {
        super(reason);
    }
}
