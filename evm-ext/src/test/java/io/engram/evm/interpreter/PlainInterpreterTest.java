package io.engram.evm.interpreter;

import static io.engram.evm.operation.Opcode.ADD;
import static io.engram.evm.operation.Opcode.ADDMOD;
import static io.engram.evm.operation.Opcode.ADDRESS;
import static io.engram.evm.operation.Opcode.BALANCE;
import static io.engram.evm.operation.Opcode.CALL;
import static io.engram.evm.operation.Opcode.CALLER;
import static io.engram.evm.operation.Opcode.DUP1;
import static io.engram.evm.operation.Opcode.EXP;
import static io.engram.evm.operation.Opcode.GAS;
import static io.engram.evm.operation.Opcode.INVALID;
import static io.engram.evm.operation.Opcode.ISZERO;
import static io.engram.evm.operation.Opcode.JUMP;
import static io.engram.evm.operation.Opcode.JUMPI;
import static io.engram.evm.operation.Opcode.MLOAD;
import static io.engram.evm.operation.Opcode.MSTORE;
import static io.engram.evm.operation.Opcode.MUL;
import static io.engram.evm.operation.Opcode.POP;
import static io.engram.evm.operation.Opcode.PUSH0;
import static io.engram.evm.operation.Opcode.RETURNDATACOPY;
import static io.engram.evm.operation.Opcode.RETURNDATASIZE;
import static io.engram.evm.operation.Opcode.REVERT;
import static io.engram.evm.operation.Opcode.SDIV;
import static io.engram.evm.operation.Opcode.SIGNEXTEND;
import static io.engram.evm.operation.Opcode.SLOAD;
import static io.engram.evm.operation.Opcode.SSTORE;
import static io.engram.evm.operation.Opcode.SUB;
import static io.engram.evm.operation.Opcode.SWAP1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.engram.evm.fixture.Assembler;
import io.engram.evm.fixture.World;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.fork.Fork;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class PlainInterpreterTest {

    /** The JIT gives up at 8000; measured speed falls long before. */
    private static final int DISPATCH_LIMIT = 3000;

    @Test
    void the_dispatch_loop_stays_small_enough_for_the_jit() throws IOException {
        try (InputStream file = PlainInterpreter.class.getResourceAsStream("PlainInterpreter.class")) {
            assertThat(file).isNotNull();
            ClassModel model = ClassFile.of().parse(file.readAllBytes());
            List<Integer> sizes = new ArrayList<>();
            model.methods()
                    .forEach(method -> method.code().ifPresent(code -> {
                        if (method.methodName().equalsString("run") && code instanceof CodeAttribute attribute) {
                            sizes.add(attribute.codeLength());
                        }
                    }));
            assertThat(sizes).singleElement().satisfies(size -> assertThat(size).isLessThan(DISPATCH_LIMIT));
        }
    }

    /** A loop of n rounds over arithmetic, stack, memory, storage and environment opcodes. */
    private static Bytes loop(long rounds) {
        return new Assembler()
                .push(rounds)
                .label("loop")
                .op(DUP1, DUP1, MUL, DUP1 + 1, 0x19, ADDRESS, ADDMOD, CALLER, 0x16)
                .push(7)
                .op(DUP1 + 1, SDIV, POP, ISZERO)
                .push(64)
                .op(MSTORE)
                .push(64)
                .op(MLOAD, POP)
                .push(3)
                .op(SLOAD, POP, GAS, POP, ADDRESS, BALANCE, POP)
                .push(5)
                .push(9)
                .push(2)
                .op(EXP, SIGNEXTEND, POP)
                .push(1)
                .op(SWAP1, SUB, DUP1)
                .pushLabel("loop")
                .op(JUMPI)
                .build();
    }

    private static long allocated(World world, Bytes code) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        world.contract(code);
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(world.run().succeeded()).isTrue();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void opcodes_allocate_nothing() {
        for (int warmUp = 0; warmUp < 5; warmUp++) {
            allocated(new World(Fork.OSAKA), loop(1000));
        }
        long few = allocated(new World(Fork.OSAKA), loop(100));
        long many = allocated(new World(Fork.OSAKA), loop(2100));

        assertThat(many - few).as("bytes for 2000 more rounds of 36 opcodes").isLessThan(64_000);
    }

    @Test
    void calls_nest_1024_deep_without_java_stack() throws InterruptedException {
        World world = new World(Fork.HOMESTEAD);
        List<TransactionOutcome> outcomes = new ArrayList<>();
        // Before EIP-150 all gas can be handed on, so that the limit of depth and not gas ends the chain.
        Bytes code = new Assembler()
                .push(0)
                .op(SLOAD)
                .push(1)
                .op(ADD)
                .push(0)
                .op(SSTORE)
                .push(0)
                .push(0)
                .push(0)
                .push(0)
                .push(0)
                .op(ADDRESS)
                .push(1000)
                .op(GAS, SUB, CALL)
                .build();
        world.contract(code);
        Thread thread = Thread.ofVirtual()
                .start(() -> outcomes.add(world.call(
                        Call.of(World.SENDER, Optional.of(World.CONTRACT), Wei.ZERO, Bytes.EMPTY, 100_000_000),
                        Tracer.NONE)));
        thread.join();

        assertThat(World.executed(outcomes.getFirst()).succeeded()).isTrue();
        assertThat(world.journal().storage(World.CONTRACT, UInt256.ZERO)).isEqualTo(UInt256.valueOf(1025));
    }

    private static HaltReason failure(Fork fork, Assembler code) {
        TransactionOutcome.Executed outcome =
                new World(fork).contract(code.build()).run();
        assertThat(outcome.succeeded()).isFalse();
        return outcome.halt().orElseThrow();
    }

    @Test
    void exceptional_halts_are_told_apart() {
        assertThat(failure(Fork.OSAKA, new Assembler().op(ADD))).isEqualTo(HaltReason.STACK_UNDERFLOW);
        assertThat(failure(Fork.OSAKA, new Assembler().op(INVALID))).isEqualTo(HaltReason.INVALID_OPCODE);
        assertThat(failure(Fork.LONDON, new Assembler().op(PUSH0))).isEqualTo(HaltReason.INVALID_OPCODE);
        assertThat(failure(Fork.OSAKA, new Assembler().push(0).op(JUMP))).isEqualTo(HaltReason.INVALID_JUMP);
        assertThat(failure(Fork.OSAKA, new Assembler().push(1).push(0).op(RETURNDATASIZE, RETURNDATACOPY)))
                .isEqualTo(HaltReason.RETURN_DATA_OUT_OF_BOUNDS);
        assertThat(failure(Fork.OSAKA, new Assembler().label("x").pushLabel("x").op(JUMP)))
                .isEqualTo(HaltReason.OUT_OF_GAS);
        assertThat(failure(
                        Fork.OSAKA,
                        new Assembler().label("x").op(PUSH0).pushLabel("x").op(JUMP)))
                .isEqualTo(HaltReason.STACK_OVERFLOW);
        assertThat(failure(Fork.OSAKA, new Assembler().op(PUSH0, PUSH0, REVERT)))
                .isEqualTo(HaltReason.REVERT);
    }

    @Test
    void a_jump_into_push_data_is_refused() {
        World world = new World(Fork.OSAKA).contract(Bytes.fromHexString("0x600456605b00"));
        assertThat(world.run().halt()).contains(HaltReason.INVALID_JUMP);
    }

    @Test
    void code_that_ends_inside_a_push_reads_zeros() {
        // PUSH1 0, PUSH1 0, ... the last PUSH32 has 2 bytes; execution then runs off the end and stops.
        World world = new World(Fork.OSAKA).contract(Bytes.fromHexString("0x7f0102"));
        assertThat(world.run().succeeded()).isTrue();
    }

    @Test
    void the_code_cache_is_bounded_by_bytes() {
        CodeCache cache = new CodeCache(10_000);
        for (int i = 0; i < 1000; i++) {
            Bytes code = Bytes.wrap(new byte[100 + i]);
            cache.get(Keccak256.hash(code), hash -> code);
            assertThat(cache.size()).isLessThanOrEqualTo(10_000);
        }
    }
}
