package io.engram.p2p.peer;

import io.engram.p2p.rlpx.Session;

/** Reads a session's socket while none of its protocols is behind. Thread-safe. */
final class ReadingGate {

    private final Session session;
    private int paused;

    ReadingGate(Session session) {
        this.session = session;
    }

    synchronized void pause() {
        paused++;
        if (paused == 1) {
            session.setReading(false);
        }
    }

    synchronized void resume() {
        paused--;
        if (paused == 0) {
            session.setReading(true);
        }
    }
}
