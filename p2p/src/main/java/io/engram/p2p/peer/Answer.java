package io.engram.p2p.peer;

import java.util.List;

/** A message that answers a request and carries the number of it. */
public interface Answer {
    long requestId();

    /** What was asked for, as far as the other side has it. */
    List<?> items();
}
