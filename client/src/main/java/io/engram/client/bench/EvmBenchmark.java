package io.engram.client.bench;

import io.engram.evm.BlockContext;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.interpreter.Interpreter;
import io.engram.evm.precompile.Precompiles;
import io.engram.evm.state.Account;
import io.engram.evm.state.Journal;
import io.engram.evm.state.StateReader;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.evm.transaction.TransactionProcessor;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.fork.Fork;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Speed of the EVM on workloads, each with a fresh state in memory, without chain, trie and database. The workloads take
 * turns, so that what the JIT learns is mixed as in a node. Used by one thread, whose time is measured.
 */
public final class EvmBenchmark {

    private static final Address SENDER = Address.fromHex("0x00000000000000000000000000000000000000aa");
    private static final Address CONTRACT = Address.fromHex("0x00000000000000000000000000000000000c0de1");
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

    /** The contract, with ether, and the sender. */
    private record State(Bytes code, Hash hash) implements StateReader {

        @Override
        public Optional<Account> account(Address address) {
            if (address.equals(CONTRACT)) {
                return Optional.of(new Account(1, Wei.ofEther(1), hash));
            }
            return address.equals(SENDER)
                    ? Optional.of(new Account(0, Wei.ofEther(1), Hash.EMPTY_CODE))
                    : Optional.empty();
        }

        @Override
        public UInt256 storage(Address address, UInt256 slot) {
            return UInt256.ZERO;
        }

        @Override
        public boolean hasStorage(Address address) {
            return false;
        }

        @Override
        public Bytes code(Hash codeHash) {
            return code;
        }
    }

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final CodeCache codes = new CodeCache(CodeCache.DEFAULT_LIMIT);
    private final TransactionProcessor processor;
    private final BlockContext block = new BlockContext(
            Fork.OSAKA,
            UInt256.ONE,
            1000,
            1_700_000_000,
            GAS_LIMIT,
            Address.ZERO,
            UInt256.ONE,
            Wei.ZERO,
            Wei.of(1),
            number -> new Hash(0, 0, 0, number));

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
        long[] wall = runs.stream().mapToLong(Run::wall).sorted().toArray();
        long[] cpu = runs.stream().mapToLong(Run::cpu).sorted().toArray();
        return new Figure(
                workload,
                speed(workload, median(wall)),
                speed(workload, median(cpu)),
                speed(workload, (double) wall[wall.length - 1]),
                speed(workload, (double) wall[0]));
    }

    private static double median(long[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? (double) sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
    }

    private static double speed(Workload workload, double nanoseconds) {
        return workload.gas() * MGAS_PER_SECOND / Math.max(1, nanoseconds);
    }

    private Run run(Workload workload) throws WrongResultException {
        State state = new State(workload.code(), Keccak256.hash(workload.code()));
        Journal journal = new Journal(state, codes);
        Call call = Call.of(SENDER, Optional.of(CONTRACT), Wei.ZERO, workload.input(), GAS_LIMIT);
        long wall = System.nanoTime();
        long cpu = threads.getCurrentThreadCpuTime();
        TransactionOutcome outcome = processor.call(call, block, journal, Tracer.NONE);
        Run run = new Run(System.nanoTime() - wall, threads.getCurrentThreadCpuTime() - cpu);
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
