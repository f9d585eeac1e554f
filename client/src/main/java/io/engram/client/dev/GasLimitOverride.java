package io.engram.client.dev;

import java.util.Optional;

/** The block gas limit that evm_setBlockGasLimit has set, if any. Thread-safe. */
public final class GasLimitOverride {

    private volatile Optional<Long> limit = Optional.empty();

    void set(long gasLimit) {
        limit = Optional.of(gasLimit);
    }

    public Optional<Long> get() {
        return limit;
    }
}
