package io.engram.client.dev;

import io.engram.evm.state.Journal;
import java.util.function.Consumer;

/**
 * Changes the state by decree. Each change becomes an empty block of its own at once, whose state root covers it; no
 * other node can import such a block, since executing it does not give that root.
 */
@FunctionalInterface
public interface StateEditor {

    void apply(Consumer<Journal> decree);
}
