package io.engram.evm.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.fixture.Assembler;
import io.engram.evm.fixture.World;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.Fork;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gas to the unit, worked out by hand from the EIPs. */
class GasTest {

    private static long gas(Fork fork, Assembler code) {
        return new World(fork).gasOf(code.build());
    }

    @Test
    void arithmetic_costs_its_tier() {
        assertThat(gas(Fork.FRONTIER, new Assembler().push(1).push(2).op(Opcode.ADD)))
                .isEqualTo(9);
        assertThat(gas(Fork.OSAKA, new Assembler().push(1).push(2).op(Opcode.MUL)))
                .isEqualTo(11);
        assertThat(gas(Fork.OSAKA, new Assembler().push(1).push(2).push(3).op(Opcode.MULMOD)))
                .isEqualTo(17);
        assertThat(gas(Fork.OSAKA, new Assembler().op(Opcode.PUSH0, Opcode.CLZ)))
                .isEqualTo(7);
    }

    @Test
    void exponentiation_is_priced_by_the_byte_of_the_exponent() {
        Assembler code = new Assembler().push(256).push(2).op(Opcode.EXP);
        assertThat(gas(Fork.FRONTIER, code)).isEqualTo(6 + 10 + 20);
        assertThat(gas(Fork.SPURIOUS_DRAGON, code)).isEqualTo(6 + 10 + 100);
    }

    @Test
    void memory_grows_quadratically() {
        assertThat(gas(Fork.OSAKA, new Assembler().push(0).op(Opcode.MLOAD))).isEqualTo(3 + 3 + 3);
        // 1025 words: 3 * 1025 + 1025^2 / 512 = 3075 + 2052
        assertThat(gas(Fork.OSAKA, new Assembler().push(32768).op(Opcode.MLOAD)))
                .isEqualTo(3 + 3 + 3075 + 2052);
        // A length of zero expands nothing, wherever it points.
        assertThat(gas(
                        Fork.OSAKA,
                        new Assembler().push(0).push(UInt256.MAX_VALUE).op(Opcode.KECCAK256)))
                .isEqualTo(6 + 30);
        assertThat(gas(Fork.OSAKA, new Assembler().push(65).push(0).op(Opcode.KECCAK256)))
                .isEqualTo(6 + 30 + 3 * 6 + 9);
        assertThat(gas(Fork.OSAKA, new Assembler().push(33).push(0).push(0).op(Opcode.MCOPY)))
                .isEqualTo(9 + 3 + 6 + 6);
    }

    @Test
    void memory_beyond_any_price_is_out_of_gas() {
        assertThat(gas(Fork.OSAKA, new Assembler().push(UInt256.MAX_VALUE).op(Opcode.MLOAD)))
                .isEqualTo(World.GAS);
        assertThat(gas(Fork.OSAKA, new Assembler().push(Long.MAX_VALUE).op(Opcode.MLOAD)))
                .isEqualTo(World.GAS);
    }

    @ParameterizedTest
    @CsvSource({
        "FRONTIER, 50, 20, 20",
        "TANGERINE_WHISTLE, 200, 400, 700",
        "ISTANBUL, 800, 700, 700",
        "BERLIN, 2100, 2600, 2600"
    })
    void state_reads_follow_the_fork(Fork fork, long sload, long balance, long size) {
        assertThat(gas(fork, new Assembler().push(1).op(Opcode.SLOAD))).isEqualTo(3 + sload);
        assertThat(gas(fork, new Assembler().push(World.OTHER).op(Opcode.BALANCE)))
                .isEqualTo(3 + balance);
        assertThat(gas(fork, new Assembler().push(World.OTHER).op(Opcode.EXTCODESIZE)))
                .isEqualTo(3 + size);
    }

    @Test
    void a_second_access_is_warm() {
        assertThat(gas(
                        Fork.BERLIN,
                        new Assembler().push(1).op(Opcode.SLOAD).push(1).op(Opcode.SLOAD)))
                .isEqualTo(6 + 2100 + 100);
        assertThat(gas(Fork.BERLIN, new Assembler().push(World.COINBASE).op(Opcode.BALANCE)))
                .isEqualTo(3 + 2600);
        assertThat(gas(Fork.SHANGHAI, new Assembler().push(World.COINBASE).op(Opcode.BALANCE)))
                .isEqualTo(3 + 100);
        assertThat(gas(Fork.OSAKA, new Assembler().push(0x100).op(Opcode.BALANCE)))
                .as("precompiles are warm")
                .isEqualTo(3 + 100);
    }

    /** The table of EIP-2200 (code, gas, refund, original value) and its EIP-1283, 2929 and 3529 counterparts. */
    @ParameterizedTest
    @CsvSource({
        "ISTANBUL, 60006000556000600055, 1612, 0, 0",
        "ISTANBUL, 60006000556001600055, 20812, 0, 0",
        "ISTANBUL, 60016000556000600055, 20812, 19200, 0",
        "ISTANBUL, 60016000556002600055, 20812, 0, 0",
        "ISTANBUL, 60016000556001600055, 20812, 0, 0",
        "ISTANBUL, 60006000556000600055, 5812, 15000, 1",
        "ISTANBUL, 60006000556001600055, 5812, 4200, 1",
        "ISTANBUL, 60006000556002600055, 5812, 0, 1",
        "ISTANBUL, 60026000556000600055, 5812, 15000, 1",
        "ISTANBUL, 60026000556003600055, 5812, 0, 1",
        "ISTANBUL, 60026000556001600055, 5812, 4200, 1",
        "ISTANBUL, 60026000556002600055, 5812, 0, 1",
        "ISTANBUL, 60016000556000600055, 5812, 15000, 1",
        "ISTANBUL, 60016000556002600055, 5812, 0, 1",
        "ISTANBUL, 60016000556001600055, 1612, 0, 1",
        "ISTANBUL, 600160005560006000556001600055, 40818, 19200, 0",
        "ISTANBUL, 600060005560016000556000600055, 10818, 19200, 1",
        "CONSTANTINOPLE, 60006000556000600055, 412, 0, 0",
        "CONSTANTINOPLE, 60016000556000600055, 20212, 19800, 0",
        "CONSTANTINOPLE, 60006000556001600055, 5212, 4800, 1",
        "PETERSBURG, 60016000556000600055, 25012, 15000, 0",
        "FRONTIER, 60016000556000600055, 25012, 15000, 0",
        "BERLIN, 60006000556000600055, 2312, 0, 0",
        "BERLIN, 60016000556000600055, 22212, 19900, 0",
        "BERLIN, 60006000556001600055, 5112, 2800, 1",
        "BERLIN, 60026000556000600055, 5112, 15000, 1",
        "LONDON, 60026000556000600055, 5112, 4800, 1",
        "LONDON, 60006000556001600055, 5112, 2800, 1",
    })
    void storage_is_priced_by_original_present_and_new_value(
            Fork fork, String code, long gas, long refund, long original) {
        World world = new World(fork);
        world.state.put(
                World.CONTRACT,
                1,
                Wei.ZERO,
                Bytes.fromHexString(code),
                Map.of(UInt256.ZERO, UInt256.valueOf(original)));
        TransactionOutcome.Executed outcome = world.run();
        long before = outcome.gasUsed() + outcome.refund() - 21000;
        long cap = (gas + 21000) / (fork.isAtLeast(Fork.LONDON) ? 5 : 2);

        assertThat(before).isEqualTo(gas);
        assertThat(outcome.refund()).isEqualTo(Math.min(refund, cap));
    }

    private static Assembler call(int opcode, long gas, long value) {
        Assembler code = new Assembler().push(0).push(0).push(0).push(0);
        if (opcode == Opcode.CALL || opcode == Opcode.CALLCODE) {
            code.push(value);
        }
        return code.push(World.OTHER).push(gas).op(opcode);
    }

    @Test
    void calls_to_an_absent_account_follow_the_fork() {
        assertThat(gas(Fork.FRONTIER, call(Opcode.CALL, 0, 0))).isEqualTo(21 + 40 + 25000);
        assertThat(gas(Fork.TANGERINE_WHISTLE, call(Opcode.CALL, 0, 0))).isEqualTo(21 + 700 + 25000);
        assertThat(gas(Fork.SPURIOUS_DRAGON, call(Opcode.CALL, 0, 0))).isEqualTo(21 + 700);
        assertThat(gas(Fork.BERLIN, call(Opcode.CALL, 0, 0))).isEqualTo(21 + 2600);
        assertThat(gas(Fork.BERLIN, call(Opcode.STATICCALL, 0, 0))).isEqualTo(18 + 2600);
        assertThat(gas(Fork.BERLIN, call(Opcode.DELEGATECALL, 0, 0))).isEqualTo(18 + 2600);
        // The balance does not suffice: the stipend comes back.
        assertThat(gas(Fork.BERLIN, call(Opcode.CALLCODE, 0, 1))).isEqualTo(21 + 2600 + 9000 - 2300);
    }

    @Test
    void a_caller_keeps_a_64th_of_its_gas() {
        World world = new World(Fork.BERLIN).code(World.OTHER, Bytes.of(Opcode.INVALID));
        long gas = world.gasOf(call(Opcode.STATICCALL, Long.MAX_VALUE, 0).build());

        assertThat(World.GAS - gas).isEqualTo((World.GAS - 18 - 2600) / 64);
    }

    @Test
    void a_delegated_account_costs_a_second_access() {
        World world = new World(Fork.PRAGUE)
                .code(World.OTHER, Bytes.concatenate(Bytes.fromHexString("0xef0100"), World.SENDER.toBytes()));
        assertThat(world.gasOf(call(Opcode.STATICCALL, 0, 0).build())).isEqualTo(18 + 2600 + 100);
    }

    @Test
    void creation_is_metered_by_init_code_and_deployed_code() {
        // Init code: PUSH1 2, PUSH1 0, RETURN deploys two zero bytes: 9 + 2 words of memory.
        Bytes init = new Assembler().push(2).push(0).op(Opcode.RETURN).build();
        Assembler create =
                new Assembler().store(0, init).push(init.size()).push(0).push(0).op(Opcode.CREATE);
        long common = 3 + 3 + 3 + 3 + 9 + 32000 + 9 + 2 * 200;
        assertThat(gas(Fork.LONDON, create)).isEqualTo(common);
        assertThat(gas(Fork.SHANGHAI, create)).isEqualTo(common + 2);
    }

    @Test
    void selfdestruct_follows_the_fork() {
        Assembler code = new Assembler().push(World.OTHER).op(Opcode.SELFDESTRUCT);
        assertThat(gas(Fork.FRONTIER, code)).isEqualTo(3);
        assertThat(gas(Fork.TANGERINE_WHISTLE, code)).isEqualTo(3 + 5000 + 25000);
        assertThat(gas(Fork.SPURIOUS_DRAGON, code)).isEqualTo(3 + 5000);
        assertThat(gas(Fork.BERLIN, code)).isEqualTo(3 + 5000 + 2600);
        assertThat(new World(Fork.ISTANBUL).contract(code.build()).run().refund())
                .isEqualTo((21003 + 5000) / 2);
        assertThat(new World(Fork.LONDON).contract(code.build()).run().refund()).isZero();
    }

    @Test
    void logs_are_priced_by_topic_and_byte() {
        Assembler code = new Assembler().push(1).push(2).push(10).push(0).op(Opcode.LOG0 + 2);
        assertThat(gas(Fork.OSAKA, code)).isEqualTo(12 + 3 * 375 + 80 + 3);
    }
}
