package io.engram.client.bench;

import io.engram.evm.precompile.Precompile;
import io.engram.evm.precompile.Precompiles;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.fork.Fork;
import java.util.ArrayList;
import java.util.List;

/**
 * Speed of the precompiled contracts at the prices of Osaka, without the 100 gas that a call takes beside them. Used by
 * one thread, whose CPU time is measured.
 */
public final class PrecompileBenchmark {

    private static final Fork FORK = Fork.OSAKA;
    private static final double NANOS_PER_MICRO = 1e3;

    /**
     * What one input takes.
     *
     * @param gas of a call
     * @param nanos CPU time of a call
     * @param bytes allocated by a call
     */
    public record Figure(PrecompileInput input, long gas, double nanos, double bytes) {

        /** Millions of gas a second of CPU time. */
        public double speed() {
            return gas * NANOS_PER_MICRO / nanos;
        }
    }

    /** That a contract did not give what it must. */
    public static final class WrongOutputException extends Exception {

        private static final long serialVersionUID = 1;

        WrongOutputException(String message) {
            super(message);
        }
    }

    private final CpuMeter meter = new CpuMeter();

    /**
     * Runs each input for a while.
     *
     * @param warmUpMillis of CPU time before the measurement
     * @param millis of CPU time measured, at least 1
     * @throws WrongOutputException when an output is not the one expected
     */
    public List<Figure> measure(List<PrecompileInput> inputs, long warmUpMillis, long millis)
            throws WrongOutputException {
        List<Figure> figures = new ArrayList<>();
        for (PrecompileInput input : inputs) {
            Precompile contract = contract(input.address());
            check(contract, input);
            CpuMeter.Work calls = calls(contract, input.input());
            meter.repeat(calls, warmUpMillis);
            CpuMeter.Total total = meter.repeat(calls, millis);
            figures.add(new Figure(input, contract.gas(input.input()), total.nanosPerRun(), total.bytesPerRun()));
        }
        return figures;
    }

    private static Precompile contract(int address) {
        Precompile contract = Precompiles.at(FORK).get(new Address(0, 0, address));
        if (contract == null) {
            throw new IllegalArgumentException("no contract at " + address);
        }
        return contract;
    }

    private static void check(Precompile contract, PrecompileInput input) throws WrongOutputException {
        byte[] output = contract.run(input.input())
                .orElseThrow(
                        () -> new WrongOutputException(input.contract() + " fails on the input of " + input.shape()));
        Hash digest = Keccak256.hash(output);
        if (!digest.equals(input.digest())) {
            throw new WrongOutputException(input.contract() + ", " + input.shape() + ": output with digest " + digest
                    + ", expected " + input.digest());
        }
    }

    private static CpuMeter.Work calls(Precompile contract, byte[] input) {
        return times -> {
            for (int i = 0; i < times; i++) {
                if (contract.run(input).isEmpty()) {
                    throw new IllegalStateException("a contract that succeeded before fails");
                }
            }
        };
    }
}
