package io.engram.evm.tracer;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.fixture.Assembler;
import io.engram.evm.fixture.World;
import io.engram.evm.operation.Opcode;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.Fork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class TracerTest {

    /** Calls OTHER with 5000 gas, which reverts with Error("no"); logs; destroys itself. */
    private static World world() {
        Bytes reason = Bytes.concatenate(
                Bytes.fromHexString("0x08c379a0"),
                UInt256.valueOf(32).toBytes(),
                UInt256.valueOf(2).toBytes(),
                Bytes.fromHexString("0x6e6f"),
                Bytes.wrap(new byte[30]));
        Bytes callee = new Assembler()
                .store(0, reason)
                .push(100)
                .push(0)
                .op(Opcode.REVERT)
                .build();
        Bytes caller = new Assembler()
                .push(0)
                .push(0)
                .push(0)
                .push(0)
                .push(0)
                .push(World.OTHER)
                .push(5000)
                .op(Opcode.CALL)
                .push(1)
                .op(Opcode.SSTORE)
                .push(0)
                .push(0)
                .op(Opcode.LOG0)
                .push(World.SENDER)
                .op(Opcode.SELFDESTRUCT)
                .build();
        return new World(Fork.OSAKA).contract(caller).code(World.OTHER, callee);
    }

    @Test
    void the_call_tracer_records_the_tree_of_calls() {
        CallTracer tracer = new CallTracer(false, true);
        World world = world();
        long used = world.run(Bytes.EMPTY, tracer).gasUsed();

        CallTrace top = tracer.result().orElseThrow();
        assertThat(top.type()).isEqualTo("CALL");
        assertThat(top.from()).isEqualTo(World.SENDER);
        assertThat(top.to()).isEqualTo(World.CONTRACT);
        assertThat(top.gas()).isEqualTo(World.GAS);
        assertThat(top.gasUsed()).isEqualTo(used - 21000);
        assertThat(top.error()).isEmpty();
        assertThat(top.logs())
                .singleElement()
                .satisfies(log -> assertThat(log.position()).isEqualTo(1));
        assertThat(top.calls()).hasSize(2);
        CallTrace inner = top.calls().getFirst();
        assertThat(inner.gas()).isEqualTo(5000);
        assertThat(inner.value()).contains(Wei.ZERO);
        assertThat(inner.error()).contains("execution reverted");
        assertThat(inner.revertReason()).contains("no");
        assertThat(inner.output().orElseThrow().size()).isEqualTo(100);
        assertThat(top.calls().get(1).type()).isEqualTo("SELFDESTRUCT");
    }

    @Test
    void the_prestate_tracer_tells_what_was_there_and_what_changed() {
        PrestateTracer tracer = new PrestateTracer(true, true);
        World world = world();
        world.run(Bytes.EMPTY, tracer);

        Map<Address, PrestateTracer.AccountState> before = tracer.before(false);
        assertThat(before).containsKeys(World.SENDER, World.CONTRACT, World.OTHER);
        assertThat(before).hasEntrySatisfying(World.CONTRACT, account -> {
            assertThat(account.code()).isPresent();
            assertThat(account.storage()).containsEntry(UInt256.ONE, UInt256.ZERO);
        });
        PrestateTracer.Difference difference = tracer.difference();
        assertThat(difference.before()).containsKey(World.SENDER).doesNotContainKey(World.OTHER);
        assertThat(difference.after())
                .hasEntrySatisfying(
                        World.SENDER, account -> assertThat(account.nonce()).isPresent());
        assertThat(tracer.isTruncated()).isFalse();
    }

    @Test
    void the_four_byte_tracer_counts_selectors() {
        FourByteTracer tracer = new FourByteTracer(address -> false);
        world().run(Bytes.fromHexString("0xa9059cbb00000000"), tracer);
        assertThat(tracer.counts())
                .hasSize(1)
                .containsEntry(new FourByteTracer.Key(Bytes.fromHexString("0xa9059cbb"), 4), 1);
        FourByteTracer precompiled = new FourByteTracer(address -> true);
        world().run(Bytes.fromHexString("0xa9059cbb00000000"), precompiled);
        assertThat(precompiled.counts()).isEmpty();
    }

    @Test
    void struct_logs_stop_at_their_limit() {
        List<StructLog> logs = new ArrayList<>();
        StructLogTracer tracer = new StructLogTracer(StructLogTracer.Options.DEFAULT, 3, logs::add);
        world().run(Bytes.EMPTY, tracer);
        assertThat(logs).hasSize(3);
        assertThat(tracer.isTruncated()).isTrue();
    }

    @Test
    void struct_logs_account_for_every_gas() {
        List<StructLog> logs = new ArrayList<>();
        World world = world();
        long used = world.run(Bytes.EMPTY, new StructLogTracer(StructLogTracer.Options.DEFAULT, logs::add))
                .gasUsed();

        assertThat(logs.getFirst().mnemonic()).isEqualTo("PUSH1");
        assertThat(logs.getFirst().gas()).isEqualTo(World.GAS);
        assertThat(logs.getLast().mnemonic()).isEqualTo("SELFDESTRUCT");
        StructLog last = logs.getLast();
        assertThat(last.gas() - last.gasCost()).isEqualTo(World.GAS - (used - 21000));
        StructLog call = logs.stream()
                .filter(log -> log.opcode() == Opcode.CALL)
                .findFirst()
                .orElseThrow();
        assertThat(call.gasCost()).isEqualTo(2600 + 5000);
        assertThat(call.stack()).hasSize(7);
        assertThat(call.depth()).isEqualTo(1);
        StructLog first = logs.get(logs.indexOf(call) + 1);
        assertThat(first.depth()).isEqualTo(2);
        assertThat(first.gas()).isEqualTo(5000);
        StructLog store = logs.stream()
                .filter(log -> log.opcode() == Opcode.SSTORE)
                .findFirst()
                .orElseThrow();
        assertThat(store.storage()).contains(Map.of(UInt256.ONE, UInt256.ZERO));
        // Within a frame the cost of a step is the fall of gas to the next.
        for (int i = 0; i + 1 < logs.size(); i++) {
            StructLog a = logs.get(i);
            StructLog b = logs.get(i + 1);
            if (a.depth() == b.depth()) {
                assertThat(a.gas() - a.gasCost()).as("step %d", i).isEqualTo(b.gas());
            }
        }
    }

    @Test
    void a_failing_instruction_carries_its_error() {
        List<StructLog> logs = new ArrayList<>();
        World world = new World(Fork.OSAKA)
                .contract(new Assembler().push(0).op(Opcode.JUMP).build());
        world.run(Bytes.EMPTY, new StructLogTracer(StructLogTracer.Options.DEFAULT, logs::add));
        assertThat(logs).hasSize(2);
        assertThat(logs.getLast().error()).contains("invalid jump destination");
        assertThat(logs.getFirst().error()).isEqualTo(Optional.empty());
    }

    @Test
    void tracing_changes_nothing() {
        long plain = world().run().gasUsed();
        long traced = world().run(
                        Bytes.EMPTY,
                        new StructLogTracer(new StructLogTracer.Options(true, true, true, true), log -> {}))
                .gasUsed();
        assertThat(traced).isEqualTo(plain);
    }

    @Test
    void malformed_revert_data_has_no_reason() {
        assertThat(RevertReason.of(Bytes.EMPTY)).isEmpty();
        assertThat(RevertReason.of(Bytes.fromHexString("0x08c379a0"))).isEmpty();
        Bytes huge = Bytes.concatenate(
                Bytes.fromHexString("0x08c379a0"), UInt256.valueOf(32).toBytes(), UInt256.MAX_VALUE.toBytes());
        assertThat(RevertReason.of(huge)).isEmpty();
    }
}
