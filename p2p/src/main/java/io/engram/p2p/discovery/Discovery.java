package io.engram.p2p.discovery;

import io.engram.p2p.eth.ForkId;
import java.io.IOException;

/** Looks for nodes of the same chain and hands them to whoever asked, until it is closed. Thread-safe. */
public interface Discovery extends AutoCloseable {

    /**
     * Begins to listen and to look.
     *
     * @return the UDP port in use
     * @throws IOException when the port is not to be had
     */
    int start() throws IOException;

    /** Changes what this node says of its chain. */
    void updateForkId(ForkId forkId);

    @Override
    void close();
}
