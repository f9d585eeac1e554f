package io.engram.client.rpc;

import io.engram.client.chain.Simulation;
import io.engram.evm.BlockContext;
import io.engram.evm.state.StateReader;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Address;
import io.engram.genesis.fork.Fork;
import java.util.Set;
import java.util.function.Function;

/** Runs messages on a state and forgets what they did to it. Thread-safe. */
public final class Simulator {

    /**
     * Where a message runs.
     *
     * @param state before the message
     * @param committed without overrides: where registry facts come from (protocol C2)
     */
    public record Environment(BlockContext block, StateReader state, StateReader committed) {}

    private final Simulation simulation;
    private final Function<Fork, Set<Address>> precompiles;

    /** @param precompiles addresses of a fork's precompiled contracts */
    Simulator(Simulation simulation, Function<Fork, Set<Address>> precompiles) {
        this.simulation = simulation;
        this.precompiles = precompiles;
    }

    TransactionOutcome run(Environment environment, Call call, Tracer tracer) {
        return simulation.call(call, environment.block(), environment.state(), environment.committed(), tracer);
    }

    /** The addresses of precompiled contracts, which are warm in every transaction. */
    Set<Address> precompiles(Environment environment) {
        return precompiles.apply(environment.block().fork());
    }
}
