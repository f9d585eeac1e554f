package io.engram.client.rpc;

import io.engram.evm.BlockContext;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.state.Journal;
import io.engram.evm.state.StateReader;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.evm.transaction.TransactionProcessor;
import io.engram.genesis.Address;
import io.engram.genesis.fork.Fork;
import java.util.Set;
import java.util.function.Function;

/** Runs messages on a state and forgets what they did to it. Thread-safe. */
public final class Simulator {

    /** What the EVM runs with in a block that would follow a given state. */
    @FunctionalInterface
    public interface Processors {

        /** @param state what the inference opcodes read the registry from (protocol C2) */
        TransactionProcessor processor(BlockContext block, StateReader state);
    }

    /**
     * Where a message runs.
     *
     * @param state before the message
     * @param committed without overrides: where registry facts come from
     */
    public record Environment(BlockContext block, StateReader state, StateReader committed) {}

    private final Processors processors;
    private final CodeCache codes;
    private final Function<Fork, Set<Address>> precompiles;

    /** @param precompiles addresses of a fork's precompiled contracts */
    public Simulator(Processors processors, CodeCache codes, Function<Fork, Set<Address>> precompiles) {
        this.processors = processors;
        this.codes = codes;
        this.precompiles = precompiles;
    }

    public TransactionOutcome run(Environment environment, Call call, Tracer tracer) {
        TransactionProcessor processor = processors.processor(environment.block(), environment.committed());
        return processor.call(call, environment.block(), new Journal(environment.state(), codes), tracer);
    }

    /** The addresses of precompiled contracts, which are warm in every transaction. */
    Set<Address> precompiles(Environment environment) {
        return precompiles.apply(environment.block().fork());
    }
}
