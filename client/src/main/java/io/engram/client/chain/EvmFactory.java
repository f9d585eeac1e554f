package io.engram.client.chain;

import io.engram.evm.extension.OperationSet;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.precompile.Precompiles;
import io.engram.evm.state.Journal;
import io.engram.evm.state.StateReader;
import io.engram.evm.transaction.TransactionProcessor;
import java.util.List;
import java.util.Optional;

/** Transaction processors and journals that share one code cache. Thread-safe. */
public final class EvmFactory {

    private final CodeCache codes = new CodeCache(CodeCache.DEFAULT_LIMIT);
    private final TransactionProcessor plain = new TransactionProcessor(Precompiles::at, List.of());
    private volatile Optional<TransactionProcessor> extended = Optional.empty();

    /** A processor for one block, with that block's operations. */
    TransactionProcessor processor(Optional<? extends OperationSet> operations) {
        return operations.map(this::extended).orElse(plain);
    }

    /** Opcode tables depend on what a set is, not on the block it serves, so that they are built once. */
    private TransactionProcessor extended(OperationSet operations) {
        List<OperationSet> sets = List.of(operations);
        TransactionProcessor built = extended.orElseGet(() -> new TransactionProcessor(Precompiles::at, sets));
        extended = Optional.of(built);
        return built.serving(sets);
    }

    Journal journal(StateReader state) {
        return new Journal(state, codes);
    }
}
