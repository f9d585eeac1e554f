package io.engram.client.bench;

import io.engram.evm.BlockContext;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.interpreter.Interpreter;
import io.engram.evm.precompile.Precompiles;
import io.engram.evm.state.Journal;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.evm.transaction.TransactionProcessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Speed of the EVM on workloads, each with a fresh state in memory, without chain, trie and database. The workloads take
 * turns, so that what the JIT learns is mixed as in a node. Used by one thread, whose time is measured.
 */
public final class EvmBenchmark {

    private static final long GAS_LIMIT = 2_000_000_000;
    private static final int WORD = 32;
    private static final double MGAS_PER_SECOND = 1e3;

    /**
     * The median run of a workload, in millions of gas a second.
     *
     * @param wall by the clock
     * @param cpu by the thread's CPU time
     * @param slowest wall speed of the slowest run
     * @param fastest wall speed of the fastest run
     */
    public record Figure(Workload workload, double wall, double cpu, double slowest, double fastest) {}

    /** That a workload did not do what its file says. */
    public static final class WrongResultException extends Exception {

        private static final long serialVersionUID = 1;

        WrongResultException(String message) {
            super(message);
        }
    }

    private record Run(long wall, long cpu) {}

    private final CpuMeter meter = new CpuMeter();
    private final CodeCache codes = new CodeCache(CodeCache.DEFAULT_LIMIT);
    private final TransactionProcessor processor;
    private final BlockContext block = BenchContract.block(GAS_LIMIT);

    public EvmBenchmark(Interpreter interpreter) {
        processor = new TransactionProcessor(Precompiles::at, List.of(), interpreter);
    }

    /**
     * Runs every workload {@code warmUp + runs} times.
     *
     * @param runs counted ones, at least 1
     * @throws WrongResultException when gas or checksum is not the one expected
     */
    public List<Figure> measure(List<Workload> workloads, int warmUp, int runs) throws WrongResultException {
        List<List<Run>> measured = new ArrayList<>();
        workloads.forEach(workload -> measured.add(new ArrayList<>()));
        for (int round = 0; round < warmUp + runs; round++) {
            for (int i = 0; i < workloads.size(); i++) {
                Run run = run(workloads.get(i));
                if (round >= warmUp) {
                    measured.get(i).add(run);
                }
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < workloads.size(); i++) {
            figures.add(figure(workloads.get(i), measured.get(i)));
        }
        return figures;
    }

    private static Figure figure(Workload workload, List<Run> runs) {
        double[] wall = runs.stream().mapToDouble(Run::wall).sorted().toArray();
        double[] cpu = runs.stream().mapToDouble(Run::cpu).sorted().toArray();
        return new Figure(
                workload,
                speed(workload, CpuMeter.median(wall)),
                speed(workload, CpuMeter.median(cpu)),
                speed(workload, wall[wall.length - 1]),
                speed(workload, wall[0]));
    }

    private static double speed(Workload workload, double nanoseconds) {
        return workload.gas() * MGAS_PER_SECOND / Math.max(1, nanoseconds);
    }

    private Run run(Workload workload) throws WrongResultException {
        Journal journal = new Journal(new BenchContract(workload.code()), codes);
        Call call = BenchContract.call(workload.input(), GAS_LIMIT);
        long wall = System.nanoTime();
        long cpu = meter.nanos();
        TransactionOutcome outcome = processor.call(call, block, journal, Tracer.NONE);
        Run run = new Run(System.nanoTime() - wall, meter.nanos() - cpu);
        check(workload, outcome);
        return run;
    }

    private static void check(Workload workload, TransactionOutcome outcome) throws WrongResultException {
        if (!(outcome instanceof TransactionOutcome.Executed executed)
                || !executed.succeeded()
                || executed.output().size() < 2 * WORD) {
            throw new WrongResultException(workload.name() + " failed: " + outcome);
        }
        Bytes expected = Bytes.concatenate(workload.checksum(), UInt256.valueOf(workload.gas()));
        Bytes actual = executed.output().slice(0, 2 * WORD);
        if (!Arrays.equals(expected.toArrayUnsafe(), actual.toArrayUnsafe())) {
            throw new WrongResultException(
                    workload.name() + " returned " + actual.toHexString() + ", expected " + expected.toHexString());
        }
    }
}
