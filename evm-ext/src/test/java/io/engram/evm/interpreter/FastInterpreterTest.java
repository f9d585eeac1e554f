package io.engram.evm.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.engram.evm.fixture.Assembler;
import io.engram.evm.fixture.World;
import io.engram.evm.operation.Opcode;
import io.engram.evm.operation.OpcodeTable;
import io.engram.genesis.Hash;
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
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class FastInterpreterTest {

    /** The JIT gives up at 8000; measured speed falls long before. */
    private static final int DISPATCH_LIMIT = 3000;

    @Test
    void the_dispatch_loop_stays_small_enough_for_the_jit() throws IOException {
        try (InputStream file = FastInterpreter.class.getResourceAsStream("FastInterpreter.class")) {
            assertThat(file).isNotNull();
            ClassModel model = ClassFile.of().parse(file.readAllBytes());
            List<Integer> sizes = new ArrayList<>();
            model.methods()
                    .forEach(method -> method.code().ifPresent(code -> {
                        if (method.methodName().equalsString("execute") && code instanceof CodeAttribute attribute) {
                            sizes.add(attribute.codeLength());
                        }
                    }));
            assertThat(sizes).singleElement().satisfies(size -> assertThat(size).isLessThan(DISPATCH_LIMIT));
        }
    }

    /** A loop of n rounds over opcodes of every kind that needs no object: calls and logs do. */
    private static Bytes loop(long rounds) {
        Assembler code = new Assembler().push(rounds).label("loop");
        // Arithmetic on words of all lengths
        code.op(Opcode.DUP1, Opcode.DUP1, Opcode.MUL, Opcode.DUP1 + 1, Opcode.NOT, Opcode.ADDRESS, Opcode.ADDMOD);
        code.op(Opcode.CALLER, Opcode.AND).push(7).op(Opcode.DUP1 + 1, Opcode.SDIV, Opcode.POP, Opcode.ISZERO);
        code.op(Opcode.ADDRESS, Opcode.DUP1, Opcode.NOT, Opcode.DUP1, Opcode.MULMOD, Opcode.ADD);
        code.push(5).push(9).push(2).op(Opcode.EXP, Opcode.SIGNEXTEND, Opcode.XOR);
        // Memory, hashes
        code.push(64).op(Opcode.MSTORE).push(64).op(Opcode.MLOAD, Opcode.POP);
        code.push(64).push(32).op(Opcode.KECCAK256, Opcode.POP);
        code.op(Opcode.DUP1).push(0).op(Opcode.MSTORE).push(100).push(0).op(Opcode.KECCAK256, Opcode.POP);
        code.push(20).push(3).push(64).op(Opcode.MCOPY);
        code.push(20).push(3).push(64).op(Opcode.CODECOPY);
        // State
        code.push(3).op(Opcode.SLOAD, Opcode.POP, Opcode.GAS, Opcode.POP, Opcode.ADDRESS, Opcode.BALANCE, Opcode.POP);
        code.op(Opcode.SELFBALANCE, Opcode.POP, Opcode.ADDRESS, Opcode.EXTCODESIZE, Opcode.POP);
        code.push(3).op(Opcode.TLOAD, Opcode.POP, Opcode.CHAINID, Opcode.POP, Opcode.NUMBER, Opcode.POP);
        code.push(1).op(Opcode.SWAP1, Opcode.SUB, Opcode.DUP1).pushLabel("loop").op(Opcode.JUMPI);
        return code.build();
    }

    private static long allocated(World world, Bytes code) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        world.contract(code);
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(world.run().succeeded()).isTrue();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static long bytesForRounds(Interpreter interpreter) {
        for (int warmUp = 0; warmUp < 5; warmUp++) {
            allocated(new World(Fork.OSAKA, interpreter), loop(400));
        }
        long few = allocated(new World(Fork.OSAKA, interpreter), loop(100));
        return allocated(new World(Fork.OSAKA, interpreter), loop(1000)) - few;
    }

    @Test
    void opcodes_allocate_nothing() {
        Interpreter fast = new FastInterpreter(new DecodedCodeCache(DecodedCodeCache.DEFAULT_LIMIT));

        // One object in a round, of the 16 bytes that the smallest takes, would be 14,400.
        assertThat(bytesForRounds(fast)).as("for 900 more rounds of 90 opcodes").isLessThan(8_000);
        assertThat(bytesForRounds(new PlainInterpreter()))
                .as("for 900 more rounds of 90 opcodes, one by one")
                .isLessThan(8_000);
    }

    private static Code code(int number) {
        Bytes bytes = new Assembler().push(number).op(Opcode.POP).build();
        return new Code(bytes.toArray(), Keccak256.hash(bytes));
    }

    @Test
    void decoded_code_is_kept_by_hash_and_table_within_a_limit() {
        DecodedCodeCache cache = new DecodedCodeCache(4000);
        OpcodeTable osaka = OpcodeTable.of(Fork.OSAKA);
        Code first = code(1);
        DecodedCode decoded = cache.get(first, osaka);

        assertThat(cache.get(first, osaka)).isSameAs(decoded);
        assertThat(cache.get(code(1), osaka)).as("another copy of the code").isSameAs(decoded);
        assertThat(cache.get(first, OpcodeTable.of(Fork.CANCUN)))
                .extracting(DecodedCode::tableId)
                .isEqualTo("CANCUN");
        assertThat(cache.get(first, osaka)).as("back at the first table").isSameAs(decoded);
        for (int i = 0; i < 200; i++) {
            cache.get(code(i), osaka);
            assertThat(cache.size()).isLessThanOrEqualTo(4000);
        }
        assertThat(cache.get(code(1), osaka)).as("forgotten and decoded again").isNotSameAs(decoded);
    }

    @Test
    void a_large_contract_is_decoded_once_enough_gas_was_spent_in_it() {
        DecodedCodeCache cache = new DecodedCodeCache(1 << 20);
        OpcodeTable osaka = OpcodeTable.of(Fork.OSAKA);
        byte[] bytes = new byte[5000];
        Code code = new Code(bytes, Keccak256.hash(bytes));
        for (int run = 0; run < 10; run++) {
            assertThat(cache.get(code, osaka)).isNull();
            code.earn(1000);
        }
        assertThat(cache.get(code, osaka)).isNotNull();
        assertThat(code.earned()).as("anew once the cache has dropped it").isZero();
        assertThat(cache.get(new Code(bytes, code.hash()), osaka))
                .as("another copy")
                .isNotNull();
    }

    @Test
    void unreachable_code_is_not_decoded() {
        byte[] code = new byte[5000];
        code[0] = (byte) Opcode.STOP;
        DecodedCode decoded = Decoder.decode(new Code(code, Hash.ZERO), OpcodeTable.of(Fork.OSAKA));

        assertThat(decoded.program()).hasSize(2);
    }

    @Test
    void the_opcodes_of_an_extension_are_blocks_of_their_own() {
        // PUSH1, PUSH1, 0xc1, POP: three blocks and the STOP that ends code
        Bytes bytes = new Assembler().push(1).push(2).op(0xc1, Opcode.POP).build();
        DecodedCode decoded = Decoder.decode(
                new Code(bytes.toArray(), Hash.ZERO),
                OpcodeTable.of(Fork.OSAKA).with(List.of(new DifferentialTest.Receipts())));
        List<Integer> numbers = new ArrayList<>();
        for (long instruction : decoded.program()) {
            numbers.add(Instruction.number(instruction));
        }

        assertThat(numbers)
                .containsExactly(
                        Instruction.BLOCK,
                        Instruction.PUSH_PUSH,
                        Instruction.BLOCK,
                        Instruction.EXTENSION,
                        Instruction.BLOCK,
                        Instruction.POP,
                        Instruction.STOP);
    }

    @Test
    void constants_are_computed_when_code_is_decoded() {
        // (1 << 160) - 1 as the compiler writes it, and an AND with it
        Bytes bytes = Bytes.fromHexString("0x600160016 0a01b0316".replace(" ", ""));
        DecodedCode decoded = Decoder.decode(new Code(bytes.toArray(), Hash.ZERO), OpcodeTable.of(Fork.OSAKA));

        assertThat(decoded.program()).hasSize(3);
        assertThat(Instruction.number(decoded.program()[1])).isEqualTo(Instruction.CONSTANT_AND);
        assertThat(decoded.constants()).contains(-1L, -1L, 0xffffffffL, 0L);
        assertThat(Instruction.gas(decoded.program()[0])).isEqualTo(18);
        assertThat(Instruction.need(decoded.program()[0])).isEqualTo(4);
        assertThat(Instruction.most(decoded.program()[0])).isEqualTo(4096 - 12);
    }
}
