package io.engram.client.consensus.qbft;

import java.util.Optional;

/** Where the safety state survives a crash. Used by one thread. */
public interface SafetyStore {

    /** What was saved last; empty when nothing ever was, or it was lost. */
    Optional<SafetyState> load();

    /**
     * Returns when the state is on the disk, and with it every block that the chain took before: a message that the
     * state allows may leave the node right after, and one for height h + 1 must not outlive block h.
     *
     * @throws io.engram.evm.LocalFaultException when it cannot be written; then nothing may be sent
     */
    void save(SafetyState state);
}
