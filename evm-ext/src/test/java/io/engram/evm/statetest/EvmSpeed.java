package io.engram.evm.statetest;

import io.engram.evm.fixture.World;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.interpreter.DecodedCodeCache;
import io.engram.evm.interpreter.FastInterpreter;
import io.engram.evm.interpreter.Interpreter;
import io.engram.evm.interpreter.PlainInterpreter;
import io.engram.evm.state.Journal;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.Fork;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Million gas per CPU-second on the programs of a file with lines "name n gas checksum calldata runtime", tab-separated.
 * Each program returns its checksum and the gas it used, which are compared. {@code -Dplain=true} measures the plain
 * interpreter.
 */
public final class EvmSpeed {

    private static final int RUNS = Integer.getInteger("runs", 9);
    private static final long GAS_LIMIT = 1_000_000_000;

    private static final Interpreter INTERPRETER = Boolean.getBoolean("plain")
            ? new PlainInterpreter()
            : new FastInterpreter(new DecodedCodeCache(DecodedCodeCache.DEFAULT_LIMIT));

    private static final CodeCache CODES = new CodeCache(CodeCache.DEFAULT_LIMIT);

    private EvmSpeed() {}

    /** Arguments: the file, then optionally the names of the programs to run. */
    public static void main(String[] args) throws IOException {
        List<String> only = Arrays.asList(args).subList(1, args.length);
        List<String[]> programs = Files.readAllLines(Path.of(args[0])).stream()
                .map(line -> line.split("\t"))
                .filter(fields -> fields.length == 6 && fields[1].matches("\\d+"))
                .filter(fields -> only.isEmpty() || only.contains(fields[0]))
                .toList();
        double[][] speed = new double[programs.size()][RUNS];
        for (int run = 0; run < RUNS; run++) {
            for (int i = 0; i < programs.size(); i++) {
                speed[i][run] = measure(programs.get(i));
            }
        }
        for (int i = 0; i < programs.size(); i++) {
            double[] last = Arrays.copyOfRange(speed[i], RUNS / 3, RUNS);
            Arrays.sort(last);
            System.out.printf("%-20s %8.0f Mgas/s cpu%n", programs.get(i)[0], last[last.length / 2]);
        }
    }

    private static double measure(String[] fields) {
        World world = new World(Fork.PRAGUE, INTERPRETER);
        world.state.put(World.CONTRACT, 1, Wei.ofEther(1), Bytes.fromHexString(fields[5]), Map.of());
        Call call =
                Call.of(World.SENDER, Optional.of(World.CONTRACT), Wei.ZERO, Bytes.fromHexString(fields[4]), GAS_LIMIT);
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        TransactionOutcome.Executed outcome =
                World.executed(world.processor().call(call, world.block, new Journal(world.state, CODES), Tracer.NONE));
        long nanos = threads.getCurrentThreadCpuTime() - start;
        if (!outcome.succeeded()) {
            throw new IllegalStateException(fields[0] + " fails: " + outcome.halt());
        }
        long gas = UInt256.fromBytes(outcome.output().slice(32, 32)).toLong();
        if (gas != Long.parseLong(fields[2])) {
            throw new IllegalStateException(fields[0] + " used " + gas + " gas, not " + fields[2]);
        }
        if (!UInt256.fromBytes(outcome.output().slice(0, 32)).equals(UInt256.valueOf(StateTest.number(fields[3])))) {
            throw new IllegalStateException(fields[0] + " has another checksum");
        }
        return gas * 1000.0 / nanos;
    }
}
