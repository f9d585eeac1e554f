package io.engram.p2p.peer;

/** What a peer did wrong, and how much of {@link PeerLimits#BAN_SCORE} that is. */
public enum Penalty {
    /** A request went unanswered. */
    TIMEOUT(20),
    /** An answer that answers nothing, or news that is none. */
    USELESS(10),
    /** Data that an honest, correct peer would not have sent. */
    INVALID_DATA(50),
    /** Bytes that are no message of the protocol. */
    BREACH(PeerLimits.BAN_SCORE);

    private final int points;

    Penalty(int points) {
        this.points = points;
    }

    public int points() {
        return points;
    }
}
