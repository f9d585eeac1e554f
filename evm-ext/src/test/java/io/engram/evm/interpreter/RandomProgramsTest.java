package io.engram.evm.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.fixture.Assembler;
import io.engram.evm.fixture.World;
import io.engram.evm.state.StateChanges;
import io.engram.evm.tracer.StructLogTracer;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.Fork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class RandomProgramsTest {

    private static final int PROGRAMS = 4000;
    private static final List<Fork> FORKS = List.of(Fork.values());

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    /** Mostly opcodes with operands that make sense, some rubbish. */
    private Bytes program() {
        Assembler code = new Assembler();
        int length = random.nextInt(60);
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> code.push(random.nextInt(70));
                case 3 -> code.push(new Address(0, 0, random.nextInt(20)));
                case 4 -> {
                    byte[] word = new byte[1 + random.nextInt(32)];
                    random.nextBytes(word);
                    code.pushBytes(Bytes.wrap(word));
                }
                case 5 -> code.push(random.nextBoolean() ? World.CONTRACT : World.OTHER);
                default -> code.op(random.nextInt(256));
            }
        }
        return code.build();
    }

    private record Result(TransactionOutcome outcome, StateChanges changes) {}

    private static Result run(Fork fork, Bytes first, Bytes second, long gas, Tracer tracer) {
        World world = new World(fork);
        world.state.put(World.CONTRACT, 1, Wei.of(1000), first, Map.of(UInt256.ONE, UInt256.valueOf(9)));
        world.state.put(World.OTHER, 1, Wei.of(1000), second, Map.of());
        Call call = Call.of(World.SENDER, Optional.of(World.CONTRACT), Wei.of(3), Bytes.of(1, 2, 3), gas);
        return new Result(world.call(call, tracer), world.journal().changes());
    }

    @Test
    void every_program_ends_and_tracing_it_changes_nothing() {
        int succeeded = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            Bytes first = program();
            Bytes second = program();
            Fork fork = FORKS.get(random.nextInt(FORKS.size()));
            long gas = 22_000L + random.nextInt(200_000);
            Result plain = run(fork, first, second, gas, Tracer.NONE);
            Result traced = run(
                    fork,
                    first,
                    second,
                    gas,
                    new StructLogTracer(
                            new StructLogTracer.Options(true, true, true, true),
                            log -> assertThat(log.gasCost()).as("seed %d", seed).isNotNegative()));
            assertThat(traced).as("%s on %s, seed %d", first, fork, seed).isEqualTo(plain);
            TransactionOutcome.Executed outcome = World.executed(plain.outcome());
            assertThat(outcome.gasUsed()).as("seed %d", seed).isBetween(0L, gas);
            succeeded += outcome.succeeded() ? 1 : 0;
        }
        assertThat(succeeded).as("seed %d", seed).isGreaterThan(PROGRAMS / 50);
    }
}
