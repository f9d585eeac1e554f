package io.engram.evm.precompile;

import io.engram.genesis.fork.Fork;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Prints how much gas each contract works off in a second on one thread: first argument the folder with the corpora. For
 * every file of vectors the slowest vector and the whole file; with a part of a contract's name as second argument only
 * that, and every vector.
 */
final class PrecompileSpeed {

    private static final long WARM_UP_NANOS = 1_500_000_000L;
    private static final long MEASURE_NANOS = 120_000_000L;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private PrecompileSpeed() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0], "precompile-vectors", "go-ethereum", "precompiles");
        String only = arguments.length > 1 ? arguments[1] : "";
        measure(only, "ecRecover", 1, Fork.FRONTIER, Vector.json(folder.resolve("ecRecover.json")));
        measure(only, "sha256", 2, Fork.FRONTIER, sized());
        measure(only, "ripemd160", 3, Fork.FRONTIER, sized());
        measure(only, "identity", 4, Fork.FRONTIER, sized());
        measure(only, "modexp EIP-198", 5, Fork.BYZANTIUM, Vector.json(folder.resolve("modexp.json")));
        measure(only, "modexp EIP-2565", 5, Fork.BERLIN, Vector.json(folder.resolve("modexp_eip2565.json")));
        measure(only, "modexp EIP-7883", 5, Fork.OSAKA, Vector.json(folder.resolve("modexp_eip7883.json")));
        measure(only, "bn254 add", 6, Fork.ISTANBUL, Vector.json(folder.resolve("bn256Add.json")));
        measure(only, "bn254 mul", 7, Fork.ISTANBUL, Vector.json(folder.resolve("bn256ScalarMul.json")));
        measure(only, "bn254 pairing", 8, Fork.ISTANBUL, Vector.json(folder.resolve("bn256Pairing.json")));
        measure(only, "blake2f", 9, Fork.ISTANBUL, Vector.json(folder.resolve("blake2F.json")));
        measure(only, "point evaluation", 10, Fork.CANCUN, Vector.json(folder.resolve("pointEvaluation.json")));
        measure(only, "bls g1 add", 11, Fork.PRAGUE, Vector.json(folder.resolve("blsG1Add.json")));
        measure(only, "bls g1 mul", 12, Fork.PRAGUE, Vector.json(folder.resolve("blsG1Mul.json")));
        measure(only, "bls g1 msm", 12, Fork.PRAGUE, some(Vector.json(folder.resolve("blsG1MultiExp.json"))));
        measure(only, "bls g2 add", 13, Fork.PRAGUE, Vector.json(folder.resolve("blsG2Add.json")));
        measure(only, "bls g2 mul", 14, Fork.PRAGUE, Vector.json(folder.resolve("blsG2Mul.json")));
        measure(only, "bls g2 msm", 14, Fork.PRAGUE, some(Vector.json(folder.resolve("blsG2MultiExp.json"))));
        measure(only, "bls pairing", 15, Fork.PRAGUE, some(Vector.json(folder.resolve("blsPairing.json"))));
        measure(only, "bls map g1", 16, Fork.PRAGUE, some(Vector.json(folder.resolve("blsMapG1.json"))));
        measure(only, "bls map g2", 17, Fork.PRAGUE, some(Vector.json(folder.resolve("blsMapG2.json"))));
        measure(only, "p256verify", 256, Fork.OSAKA, some(Vector.json(folder.resolve("p256Verify.json"))));
    }

    /** Every tenth vector of a long file. */
    private static List<Vector> some(List<Vector> vectors) {
        List<Vector> some = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i += 10) {
            some.add(vectors.get(i));
        }
        return some;
    }

    private static List<Vector> sized() {
        List<Vector> vectors = new ArrayList<>();
        for (int length : new int[] {0, 32, 256, 4096, 1 << 18}) {
            byte[] input = new byte[length];
            Arrays.fill(input, (byte) 0x5a);
            vectors.add(new Vector(length + " bytes", input, Optional.empty(), OptionalLong.empty()));
        }
        return vectors;
    }

    private static void measure(String only, String name, int address, Fork fork, List<Vector> vectors) {
        if (!name.contains(only)) {
            return;
        }
        Precompile contract = Vector.contract(address, fork);
        long length = 0;
        long end = System.nanoTime() + WARM_UP_NANOS;
        while (System.nanoTime() < end) {
            for (Vector vector : vectors) {
                length += contract.run(vector.input())
                        .map(output -> output.length)
                        .orElse(0);
            }
        }
        if (length < 0) {
            throw new IllegalStateException("outputs have no negative length");
        }
        double slowest = Double.MAX_VALUE;
        String slowestName = "";
        double gas = 0;
        double seconds = 0;
        for (Vector vector : vectors) {
            long price = contract.gas(vector.input());
            double nanos = nanosPerCall(contract, vector.input());
            gas += price;
            seconds += nanos / 1e9;
            double rate = price / nanos * 1e3;
            if (!only.isEmpty()) {
                System.out.printf(
                        Locale.ROOT, "  %9.1f Mgas/s %10.2f us %9d gas %s%n", rate, nanos / 1e3, price, vector.name());
            }
            if (price > 0 && rate < slowest) {
                slowest = rate;
                slowestName = vector.name() + String.format(Locale.ROOT, " (%.1f us)", nanos / 1e3);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-18s all %8.1f Mgas/s   slowest %8.1f Mgas/s  %s%n",
                name,
                gas / seconds / 1e6,
                slowest,
                slowestName);
    }

    private static double nanosPerCall(Precompile contract, byte[] input) {
        long calls = 0;
        long length = 0;
        // processor time, so that other load on the machine does not count
        long cpu = THREADS.getCurrentThreadCpuTime();
        long end = System.nanoTime() + MEASURE_NANOS;
        while (System.nanoTime() < end) {
            length += contract.run(input).map(output -> output.length).orElse(0);
            calls++;
        }
        cpu = THREADS.getCurrentThreadCpuTime() - cpu;
        return length < 0 ? Double.NaN : (double) cpu / calls;
    }
}
