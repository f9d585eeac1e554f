package io.engram.client.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Wei;
import io.engram.genesis.fork.Fork;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Both interpreters against geth's EVM (Paris and Shanghai) on random programs. */
class GethDifferentialTest {

    private static final long FEW = 200_000;
    private static final long MANY = 10_000_000;

    @Test
    void random_programs_end_as_in_geth() {
        compare(FEW, 3155);
    }

    @Test
    @Tag("long")
    @Tag("conformance")
    void many_random_programs_end_as_in_geth() {
        compare(MANY, System.nanoTime());
    }

    private static Scenario scenario(SplittableRandom random) {
        Fork fork = GethEvm.FORKS.get(random.nextInt(GethEvm.FORKS.size()));
        boolean creates = random.nextInt(12) == 0;
        byte[] data = new byte[random.nextInt(100)];
        random.nextBytes(data);
        return new Scenario(
                fork,
                EdgeProgram.contract(random),
                EdgeProgram.contract(random),
                creates ? Optional.empty() : Optional.of(Scenario.FIRST),
                creates ? EdgeProgram.initCode(random) : Bytes.wrap(data),
                Wei.of(random.nextInt(3)),
                2_000L + random.nextInt(1 << (10 + random.nextInt(11))));
    }

    private static void compare(long opcodes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        OwnEvm own = new OwnEvm();
        Map<String, Integer> ends = new TreeMap<>();
        int programs = 0;
        GethEvm geth = new GethEvm();
        while (own.opcodes() < opcodes) {
            Scenario scenario = scenario(random);
            Result expected = GethEvm.capped(geth.run(scenario), own.intrinsicGas(scenario));
            assertThat(own.run(scenario))
                    .as("seed %d, program %d: %s", seed, programs, scenario)
                    .isEqualTo(expected);
            assertThat(own.runOneByOne(scenario))
                    .as("seed %d, program %d, opcode by opcode: %s", seed, programs, scenario)
                    .isEqualTo(expected);
            ends.merge(expected.status(), 1, Integer::sum);
            programs++;
        }
        System.out.printf(
                "geth: seed %d: %d programs, %d opcodes, %s, no difference%n", seed, programs, own.opcodes(), ends);
        assertThat(ends).containsKeys("success", "revert", "failure");
    }
}
