package io.engram.evm.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.extension.ExtensionFrame;
import io.engram.evm.extension.ExtensionOperation;
import io.engram.evm.extension.OperationSet;
import io.engram.evm.extension.TransactionExtension;
import io.engram.evm.extension.TransactionScope;
import io.engram.evm.fixture.World;
import io.engram.evm.state.Journal;
import io.engram.evm.state.StateChanges;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import io.engram.genesis.fork.Fork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The fast interpreter against the plain one. */
class DifferentialTest {

    /** Opcodes to run. */
    private static final long FEW = 2_000_000;

    private static final long MANY = 10_000_000;
    private static final List<Fork> FORKS = List.of(Fork.values());

    /** The decoded code of all programs goes through one small cache, so that eviction happens too. */
    private final Interpreter fast = new FastInterpreter(new DecodedCodeCache(1 << 20, Integer.MAX_VALUE));

    private final Interpreter plain = new PlainInterpreter();

    /** Opcodes that were run one by one under {@link #counter}. */
    private long opcodes;

    private final Tracer counter = new Tracer() {
        @Override
        public boolean tracesSteps() {
            return true;
        }

        @Override
        public void step(Frame frame, int opcode) {
            opcodes++;
        }
    };

    /** What a contributed operation saw; stands for inference receipts, which outlive reverts. */
    static final class Receipts implements OperationSet, TransactionExtension {

        private static final int OPCODE = 0xc1;

        private final List<String> seen = new ArrayList<>();
        private int warm;

        @Override
        public String id() {
            return "receipts";
        }

        @Override
        public List<ExtensionOperation> operations() {
            return List.of(new ExtensionOperation() {
                @Override
                public int opcode() {
                    return OPCODE;
                }

                @Override
                public String mnemonic() {
                    return "RECEIPT";
                }

                @Override
                public int stackIn() {
                    return 2;
                }

                @Override
                public int stackOut() {
                    return 1;
                }

                @Override
                public Outcome execute(ExtensionFrame frame) {
                    Hash word = frame.popWord();
                    long length = frame.popLong();
                    seen.add(word + " " + length + " " + frame.gasLeft() + " " + frame.self() + " " + warm);
                    if (word.w3() == 0x99) {
                        return Outcome.EXCLUDE_TRANSACTION;
                    }
                    if (!frame.chargeGas(50) || !frame.expandMemory(0, length)) {
                        return Outcome.OUT_OF_GAS;
                    }
                    warm++;
                    frame.push(frame.gasLeft());
                    return Outcome.CONTINUE;
                }
            });
        }

        @Override
        public TransactionExtension begin(TransactionScope scope) {
            return this;
        }

        @Override
        public int checkpoint() {
            return warm;
        }

        @Override
        public void revertTo(int mark) {
            warm = mark;
        }

        @Override
        public List<io.engram.evm.extension.Credit> settle(long gasUsed, Wei baseFee) {
            return List.of();
        }
    }

    private record Result(
            String outcome,
            long gas,
            long refund,
            Bytes output,
            List<Log> logs,
            StateChanges changes,
            String receipts) {}

    private static Result run(Interpreter interpreter, Fork fork, Bytes first, Bytes second, Bytes data, long gas) {
        return run(interpreter, Tracer.NONE, new CodeCache(1 << 20), fork, first, second, data, gas);
    }

    private static Result run(
            Interpreter interpreter,
            Tracer tracer,
            CodeCache codes,
            Fork fork,
            Bytes first,
            Bytes second,
            Bytes data,
            long gas) {
        Receipts receipts = new Receipts();
        World world = new World(fork, interpreter, receipts);
        world.state.put(
                World.CONTRACT,
                1,
                Wei.of(1000),
                first,
                Map.of(UInt256.ONE, UInt256.valueOf(9), UInt256.ZERO, UInt256.valueOf(5)));
        world.state.put(World.OTHER, 1, Wei.of(1000), second, Map.of(UInt256.ONE, UInt256.valueOf(7)));
        Call call = Call.of(World.SENDER, Optional.of(World.CONTRACT), Wei.of(3), data, gas);
        Journal journal = new Journal(world.state, codes);
        TransactionOutcome outcome = world.processor().call(call, world.block, journal, tracer);
        StateChanges changes = journal.changes();
        if (outcome instanceof TransactionOutcome.Executed executed) {
            return new Result(
                    executed.succeeded() + " " + executed.halt(),
                    executed.gasUsed(),
                    executed.refund(),
                    executed.output(),
                    executed.logs(),
                    changes,
                    receipts.seen.toString());
        }
        return new Result(outcome.toString(), 0, 0, Bytes.EMPTY, List.of(), changes, receipts.seen.toString());
    }

    /** The plain interpreter, which takes what is traced, counting its opcodes. */
    private Result runCounted(Fork fork, Bytes first, Bytes second, Bytes data, long gas) {
        return run(plain, counter, new CodeCache(1 << 20), fork, first, second, data, gas);
    }

    private void compare(long least, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int succeeded = 0;
        long ended = 0;
        int programs = 0;
        for (int i = 0; opcodes < least; i++) {
            Bytes first = new RandomProgram(random).code();
            Bytes second = new RandomProgram(random).code();
            Bytes data = RandomProgram.bytes(random, random.nextInt(100));
            Fork fork = random.nextInt(3) == 0 ? FORKS.get(random.nextInt(FORKS.size())) : Fork.OSAKA;
            long gas = 23_000L + random.nextInt(1 << (6 + random.nextInt(14)));
            Result expected = runCounted(fork, first, second, data, gas);
            Result actual = run(fast, fork, first, second, data, gas);
            assertThat(actual)
                    .as("seed %d, program %d on %s with %d gas: %s and %s", seed, i, fork, gas, first, second)
                    .isEqualTo(expected);
            // Then at a limit within the run, where one of its opcodes is the first that cannot be paid for.
            long less = gas - 1 - random.nextLong(Math.max(1, gas - 22_000));
            less = random.nextBoolean() && expected.gas() > 21_500 ? expected.gas() - random.nextInt(300) : less;
            assertThat(run(fast, fork, first, second, data, less))
                    .as("seed %d, program %d on %s with %d gas: %s and %s", seed, i, fork, less, first, second)
                    .isEqualTo(runCounted(fork, first, second, data, less));
            if (expected.outcome().startsWith("true")) {
                succeeded++;
            }
            ended += expected.gas() > 21_300 ? 1 : 0;
            programs++;
        }
        System.out.printf(
                "seed %d: %d programs at two gas limits, %d opcodes, %d succeeded, %d took more than 300 gas%n",
                seed, programs, opcodes, succeeded, ended);
        assertThat(succeeded).as("seed %d", seed).isGreaterThan(programs / 20);
    }

    @Test
    void random_programs_end_alike() {
        compare(FEW, System.nanoTime());
    }

    @Test
    @Tag("long")
    @Tag("conformance")
    void many_random_programs_end_alike() {
        compare(MANY, System.nanoTime());
    }

    /** Every gas limit from nothing to enough. */
    private void atEveryLimit(String code) {
        Bytes first = Bytes.fromHexString(code);
        Bytes second = Bytes.fromHexString("0x60015460005260206000f3");
        for (Fork fork : List.of(Fork.FRONTIER, Fork.BYZANTIUM, Fork.BERLIN, Fork.OSAKA)) {
            for (long gas = 21_000; gas < 21_400; gas++) {
                assertThat(run(fast, fork, first, second, Bytes.EMPTY, gas))
                        .as("%s on %s with %d gas", code, fork, gas)
                        .isEqualTo(run(plain, fork, first, second, Bytes.EMPTY, gas));
            }
            for (long gas = 21_400; gas < 60_000; gas += 97) {
                assertThat(run(fast, fork, first, second, Bytes.EMPTY, gas))
                        .as("%s on %s with %d gas", code, fork, gas)
                        .isEqualTo(run(plain, fork, first, second, Bytes.EMPTY, gas));
            }
        }
    }

    @Test
    void a_conditional_jump_to_nowhere_fails_only_when_taken() {
        atEveryLimit("0x6000600057600160005260206000f3");
        atEveryLimit("0x6001600057600160005260206000f3");
        atEveryLimit("0x600061ffff57600160005260206000f3");
        atEveryLimit("0x600161ffff57600160005260206000f3");
        atEveryLimit("0x61ffff56");
        atEveryLimit("0x600356");
    }

    @Test
    void gas_or_a_store_right_before_a_jump_destination_is_charged_once() {
        atEveryLimit("0x5a5b60005260206000f3");
        atEveryLimit("0x600160005560026001555b5a60005260206000f3");
        atEveryLimit("0x5b5b5b5a5b5a5b60005260206000f3");
        atEveryLimit("0x6000545b60015401600055005b");
    }

    @Test
    void what_fails_within_a_block_fails_as_its_first_failing_opcode() {
        // Memory that cannot be paid for, before an undefined opcode, an underflow, a bad jump and a bad copy.
        atEveryLimit("0x60016110005260016120005260016130005201fe");
        atEveryLimit("0x600161100052600161200052505050");
        atEveryLimit("0x60016110005261200051600156");
        atEveryLimit("0x611000516001600060003e");
        atEveryLimit("0x61100051805161ffff0a60020a");
        atEveryLimit("0x60016101008080525150600260ff0a60ff60020a50fe");
    }

    @Test
    void a_call_goes_on_where_it_was_asked_for() {
        String other = "00000000000000000000000000000000000c0de2";
        atEveryLimit("0x602060006000600073" + other + "61fffffa60005160015260406000f3");
        atEveryLimit("0x6020600060006000600073" + other + "5af15b60005160015260406000f3");
        atEveryLimit("0x6020600060006000600073" + other + "5af1");
        atEveryLimit("0x602060006000600073" + other + "5af4fe");
    }

    @Test
    void the_stack_is_bounded_in_the_middle_of_a_block() {
        atEveryLimit("0x" + "5a".repeat(1023) + "60016002" + "00");
        atEveryLimit("0x" + "6001".repeat(1024) + "50".repeat(1024) + "00");
        atEveryLimit("0x" + "6001".repeat(1025) + "00");
        atEveryLimit("0x" + "6001".repeat(1023) + "8050".repeat(30) + "808000");
        atEveryLimit("0x" + "50".repeat(1100));
        atEveryLimit("0x60018f");
        atEveryLimit("0x6001600290918f5b");
    }

    @Test
    void a_large_contract_ends_alike_before_and_after_it_is_decoded() {
        byte[] rest = new byte[700];
        rest[699] = 1;
        // Calls in between, after which it goes on decoded: 100 rounds of a call to itself with little gas
        Bytes loop = Bytes.fromHexString("0x60645b5f5f5f5f5f30610100f150600190038060025700");
        Bytes code = Bytes.concatenate(loop, Bytes.wrap(rest));
        Interpreter fresh = new FastInterpreter(new DecodedCodeCache(1 << 20));
        CodeCache codes = new CodeCache(1 << 20);
        for (int i = 0; i < 20; i++) {
            assertThat(run(fresh, Tracer.NONE, codes, Fork.OSAKA, code, code, Bytes.EMPTY, 100_000))
                    .isEqualTo(run(plain, Tracer.NONE, codes, Fork.OSAKA, code, code, Bytes.EMPTY, 100_000));
        }
    }

    @Test
    void addresses_of_the_fixture_are_what_the_programs_here_call() {
        assertThat(World.OTHER).isEqualTo(Address.fromHex("0x00000000000000000000000000000000000c0de2"));
    }
}
