package io.engram.evm.interpreter;

import io.engram.evm.operation.Arithmetic;
import io.engram.evm.operation.Comparison;
import io.engram.evm.operation.Opcode;
import io.engram.evm.operation.OpcodeTable;
import io.engram.evm.operation.StackManipulation;
import java.util.Arrays;

/**
 * Turns code into {@link DecodedCode}: one pass, with code that nothing can reach left out.
 *
 * <p>A basic block ends before a JUMPDEST; after whatever ends the frame, jumps, asks for a call or sees the gas left;
 * and after every opcode that may run out of gas once it has changed something, so that such an opcode sees the exact
 * gas. What a block needs is summed up from the opcodes before they are joined into larger instructions.
 */
final class Decoder {

    /** Fixed gas at which a block ends early, so that the sum fits its word. */
    private static final long MOST_BLOCK_GAS = 1 << 28;

    private static final int WORD = OpcodeTable.WORD;
    private static final int STACK = OpcodeTable.STACK_LIMIT * WORD;

    /** A need that no stack satisfies. */
    private static final int IMPOSSIBLE = 0x1fff;

    private final byte[] code;
    private final long[] destinations;
    private final OpcodeTable table;

    private long[] program;
    private int[] pcs;
    private int size;
    private long[] constants = new long[0];
    private int constantCount;
    private final int[] entries;
    private int[] fixups = new int[16];
    private int fixupCount;

    // The open block
    private int block = -1;
    private long gas;
    private int height;
    private int need;
    private int growth;

    private final long[] scratch = new long[8 + Frame.SCRATCH_SIZE];

    private Decoder(Code code, OpcodeTable table) {
        this.code = code.bytes();
        this.destinations = code.destinations();
        this.table = table;
        program = new long[this.code.length + 16];
        pcs = new int[program.length];
        entries = new int[this.code.length + 1];
    }

    static DecodedCode decode(Code code, OpcodeTable table) {
        return new Decoder(code, table).decode();
    }

    private DecodedCode decode() {
        int pc = 0;
        while (pc < code.length) {
            pc = decodeAt(pc);
        }
        if (block >= 0 || size == 0 || mayFallOff()) {
            open(code.length);
            account(Opcode.STOP);
            emit(Instruction.of(Instruction.STOP, 0, 0), code.length);
            close();
        }
        for (int i = 0; i < fixupCount; i++) {
            int at = fixups[i];
            long jump = program[at];
            int entry = entries[(int) Instruction.x(jump)] - 1;
            program[at] = Instruction.of(Instruction.number(jump), Instruction.y(jump), entry);
        }
        return new DecodedCode(
                table.id(),
                Arrays.copyOf(program, size),
                Arrays.copyOf(constants, constantCount),
                Arrays.copyOf(pcs, size),
                entries);
    }

    /** Whether what stands last goes on to whatever comes behind it. */
    private boolean mayFallOff() {
        return !endsPath;
    }

    private boolean endsPath;

    private int decodeAt(int pc) {
        int op = code[pc] & 0xff;
        endsPath = false;
        if (!table.isDefined(op)) {
            open(pc);
            emit(Instruction.of(Instruction.UNDEFINED, 0, 0), pc);
            close();
            endsPath = true;
            return nextDestination(pc + 1);
        }
        if (op == Opcode.JUMPDEST) {
            close();
            open(pc);
            entries[pc] = block + 1;
            account(op);
            return pc + 1;
        }
        if (table.isExtension(op)) {
            close();
        }
        open(pc);
        account(op);
        if (op >= Opcode.PUSH0 && op <= Opcode.PUSH32) {
            int length = op - Opcode.PUSH0;
            StackManipulation.push(code, pc + 1, length, scratch, 0);
            push(pc);
            return pc + 1 + length;
        }
        translate(op, pc);
        if (gas > MOST_BLOCK_GAS) {
            close();
        }
        return endsPath ? nextDestination(pc + 1) : pc + 1;
    }

    private int nextDestination(int from) {
        int index = from >>> 6;
        if (index >= destinations.length) {
            return code.length;
        }
        long bits = destinations[index] & (-1L << from);
        while (bits == 0) {
            if (++index == destinations.length) {
                return code.length;
            }
            bits = destinations[index];
        }
        return (index << 6) + Long.numberOfTrailingZeros(bits);
    }

    // Blocks

    private void open(int pc) {
        if (block >= 0) {
            return;
        }
        gas = 0;
        height = 0;
        need = 0;
        growth = 0;
        emit(0, pc);
        block = size - 1;
    }

    private void account(int op) {
        int in = table.in()[op];
        int out = table.out()[op];
        gas += table.gas()[op];
        need = Math.max(need, in - height);
        height += out - in;
        growth = Math.max(growth, height);
    }

    private void close() {
        if (block < 0) {
            return;
        }
        compact();
        boolean possible = need <= STACK && growth <= STACK;
        program[block] = Instruction.block(possible ? need : IMPOSSIBLE, possible ? STACK - growth : STACK, gas);
        if (isStaticJump(Instruction.number(program[size - 1])) && size - 1 > block) {
            if (fixupCount == fixups.length) {
                fixups = Arrays.copyOf(fixups, 2 * fixupCount);
            }
            fixups[fixupCount++] = size - 1;
        }
        block = -1;
    }

    private static boolean isStaticJump(int number) {
        return (number >= Instruction.JUMP_TO && number <= Instruction.NOT_EQ_JUMPI)
                || number == Instruction.DUP_JUMP_TO;
    }

    private void emit(long instruction, int pc) {
        if (size == program.length) {
            program = Arrays.copyOf(program, 2 * size);
            pcs = Arrays.copyOf(pcs, 2 * size);
        }
        program[size] = instruction;
        pcs[size++] = pc;
    }

    // Instructions

    private void push(int pc) {
        if ((scratch[1] | scratch[2] | scratch[3]) == 0 && scratch[0] >>> 32 == 0) {
            emit(Instruction.of(Instruction.PUSH, 0, scratch[0]), pc);
            return;
        }
        if (constantCount == constants.length) {
            constants = Arrays.copyOf(constants, Math.max(16, 2 * constantCount));
        }
        System.arraycopy(scratch, 0, constants, constantCount, WORD);
        emit(Instruction.of(Instruction.PUSH_CONSTANT, 0, constantCount), pc);
        constantCount += WORD;
    }

    /** The number of the instruction that stands {@code back} before the end of the open block, or BLOCK. */
    private int last(int back) {
        int at = size - 1 - back;
        return at > block ? Instruction.number(program[at]) : Instruction.BLOCK;
    }

    private boolean lastIsConstant(int back) {
        int number = last(back);
        return number == Instruction.PUSH || number == Instruction.PUSH_CONSTANT;
    }

    private boolean lastIsSwap1() {
        return last(0) == Instruction.SWAP && Instruction.y(program[size - 1]) == WORD;
    }

    private void constant(int back, int to) {
        long push = program[size - 1 - back];
        if (Instruction.number(push) == Instruction.PUSH) {
            Arrays.fill(scratch, to, to + WORD, 0);
            scratch[to] = Instruction.x(push);
        } else {
            System.arraycopy(constants, (int) Instruction.x(push), scratch, to, WORD);
        }
    }

    /** Replaces the last instruction, a PUSH, by one that holds its value. */
    private void join(int number) {
        program[size - 1] = Instruction.of(number, 0, Instruction.x(program[size - 1]));
    }

    private void plain(int number, int pc) {
        emit(Instruction.of(number, 0, 0), pc);
    }

    private void translate(int op, int pc) {
        if (op >= Opcode.DUP1 && op <= Opcode.DUP16) {
            emit(Instruction.of(Instruction.DUP, (op - Opcode.DUP1 + 1) * WORD, 0), pc);
        } else if (op >= Opcode.SWAP1 && op <= Opcode.SWAP16) {
            emit(Instruction.of(Instruction.SWAP, (op - Opcode.SWAP1 + 1) * WORD, 0), pc);
        } else if (op >= Opcode.LOG0 && op <= Opcode.LOG4) {
            int topics = op - Opcode.LOG0;
            emit(Instruction.of(Instruction.LOG, topics, (topics + 2L) * WORD), pc);
            close();
        } else if (table.isExtension(op)) {
            emit(Instruction.of(Instruction.EXTENSION, op, 0), pc);
            close();
        } else if (op >= Opcode.ADD && op <= Opcode.CLZ) {
            compute(op, pc);
        } else {
            access(op, pc);
        }
    }

    private void compute(int op, int pc) {
        switch (op) {
            case Opcode.ADD -> binary(op, Instruction.ADD, Instruction.PUSH_ADD, true, pc);
            case Opcode.MUL -> binary(op, Instruction.MUL, Instruction.PUSH_MUL, true, pc);
            case Opcode.SUB -> subtract(pc);
            case Opcode.DIV -> plain(Instruction.DIV, pc);
            case Opcode.SDIV -> plain(Instruction.SDIV, pc);
            case Opcode.MOD -> plain(Instruction.MOD, pc);
            case Opcode.SMOD -> plain(Instruction.SMOD, pc);
            case Opcode.ADDMOD -> plain(Instruction.ADDMOD, pc);
            case Opcode.MULMOD -> plain(Instruction.MULMOD, pc);
            case Opcode.EXP -> plain(Instruction.EXP, pc);
            case Opcode.SIGNEXTEND -> plain(Instruction.SIGNEXTEND, pc);
            case Opcode.LT -> compare(Instruction.LT, Instruction.GT, pc);
            case Opcode.GT -> compare(Instruction.GT, Instruction.LT, pc);
            case Opcode.SLT -> compare(Instruction.SLT, Instruction.SGT, pc);
            case Opcode.SGT -> compare(Instruction.SGT, Instruction.SLT, pc);
            case Opcode.EQ -> binary(op, Instruction.EQ, Instruction.PUSH_EQ, true, pc);
            case Opcode.AND -> binary(op, Instruction.AND, Instruction.PUSH_AND, true, pc);
            case Opcode.OR -> binary(op, Instruction.OR, Instruction.OR, true, pc);
            case Opcode.XOR -> binary(op, Instruction.XOR, Instruction.XOR, true, pc);
            case Opcode.SHL -> binary(op, Instruction.SHL, Instruction.PUSH_SHL, false, pc);
            case Opcode.SHR -> binary(op, Instruction.SHR, Instruction.PUSH_SHR, false, pc);
            case Opcode.SAR -> binary(op, Instruction.SAR, Instruction.PUSH_SAR, false, pc);
            case Opcode.BYTE -> plain(Instruction.BYTE, pc);
            case Opcode.ISZERO -> plain(Instruction.ISZERO, pc);
            case Opcode.NOT -> not(pc);
            case Opcode.CLZ -> emit(Instruction.of(Instruction.REPLACE, op, 0), pc);
            default -> throw new IllegalStateException("opcode " + op);
        }
    }

    /** @param joined the instruction that holds its upper operand, or {@code number} when there is none */
    private void binary(int op, int number, int joined, boolean commutes, int pc) {
        if (lastIsConstant(0) && lastIsConstant(1)) {
            fold(op);
        } else if (last(0) == Instruction.PUSH && joined != number) {
            join(joined);
        } else if (last(0) == Instruction.PUSH_CONSTANT && op == Opcode.AND) {
            join(Instruction.CONSTANT_AND);
        } else {
            if (commutes && lastIsSwap1()) {
                size--;
            }
            plain(number, pc);
        }
    }

    private void compare(int number, int mirrored, int pc) {
        if (lastIsSwap1()) {
            size--;
            plain(mirrored, pc);
        } else {
            plain(number, pc);
        }
    }

    private void subtract(int pc) {
        if (lastIsConstant(0) && lastIsConstant(1)) {
            fold(Opcode.SUB);
        } else if (lastIsSwap1() && last(1) == Instruction.PUSH) {
            size--;
            join(Instruction.PUSH_SUB);
        } else if (lastIsSwap1()) {
            program[size - 1] = Instruction.of(Instruction.REVERSE_SUB, 0, 0);
        } else {
            plain(Instruction.SUB, pc);
        }
    }

    private void not(int pc) {
        if (lastIsConstant(0)) {
            constant(0, 0);
            Comparison.not(scratch, 4);
            repush(1);
        } else {
            plain(Instruction.NOT, pc);
        }
    }

    private void fold(int op) {
        constant(1, 0);
        constant(0, 4);
        switch (op) {
            case Opcode.ADD -> Arithmetic.add(scratch, 8);
            case Opcode.SUB -> Arithmetic.sub(scratch, 8);
            case Opcode.MUL -> Arithmetic.mul(scratch, 8);
            case Opcode.AND -> Comparison.and(scratch, 8);
            case Opcode.OR -> Comparison.or(scratch, 8);
            case Opcode.XOR -> Comparison.xor(scratch, 8);
            case Opcode.EQ -> Comparison.equal(scratch, 8);
            case Opcode.SHL -> Comparison.shiftLeft(scratch, 8);
            case Opcode.SHR -> Comparison.shiftRight(scratch, 8);
            case Opcode.SAR -> Comparison.shiftRightSigned(scratch, 8);
            default -> throw new IllegalStateException("opcode " + op);
        }
        repush(2);
    }

    /** Puts the constant in the scratch space in place of the last instructions. */
    private void repush(int replaced) {
        size -= replaced;
        push(pcs[size]);
    }

    private void access(int op, int pc) {
        switch (op) {
            case Opcode.STOP -> end(Instruction.of(Instruction.STOP, 0, 0), pc);
            case Opcode.RETURN -> end(Instruction.of(Instruction.RETURN, Halt.RETURN, 0), pc);
            case Opcode.REVERT -> end(Instruction.of(Instruction.RETURN, Halt.REVERT, 0), pc);
            case Opcode.SELFDESTRUCT -> end(Instruction.of(Instruction.SELFDESTRUCT, 0, 0), pc);
            case Opcode.KECCAK256 -> last(Instruction.KECCAK256, 0, 0, pc);
            case Opcode.BALANCE, Opcode.EXTCODESIZE, Opcode.EXTCODEHASH -> last(Instruction.ACCOUNT, op, 0, pc);
            case Opcode.CALLDATACOPY, Opcode.CODECOPY, Opcode.RETURNDATACOPY, Opcode.MCOPY ->
                last(Instruction.COPY, op, 3 * WORD, pc);
            case Opcode.EXTCODECOPY -> last(Instruction.COPY, op, 4 * WORD, pc);
            case Opcode.SLOAD -> last(Instruction.SLOAD, 0, 0, pc);
            case Opcode.SSTORE -> last(Instruction.SSTORE, 0, 0, pc);
            case Opcode.TSTORE -> last(Instruction.TSTORE, 0, 0, pc);
            case Opcode.GAS -> last(Instruction.GAS, 0, 0, pc);
            case Opcode.CREATE,
                    Opcode.CREATE2,
                    Opcode.CALL,
                    Opcode.CALLCODE,
                    Opcode.DELEGATECALL,
                    Opcode.STATICCALL -> {
                last(Instruction.CALL, op, table.in()[op], pc);
                open(pc + 1);
                entries[pc + 1] = -(block + 1);
            }
            case Opcode.CALLER -> plain(Instruction.CALLER, pc);
            case Opcode.CALLVALUE -> plain(Instruction.CALLVALUE, pc);
            case Opcode.CALLDATASIZE -> plain(Instruction.CALLDATASIZE, pc);
            case Opcode.CALLDATALOAD -> plain(Instruction.CALLDATALOAD, pc);
            case Opcode.BLOCKHASH, Opcode.BLOBHASH, Opcode.TLOAD ->
                emit(Instruction.of(Instruction.REPLACE, op, 0), pc);
            case Opcode.MLOAD -> memory(Instruction.MLOAD, Instruction.PUSH_MLOAD, pc);
            case Opcode.MSTORE -> memory(Instruction.MSTORE, Instruction.PUSH_MSTORE, pc);
            case Opcode.MSTORE8 -> plain(Instruction.MSTORE8, pc);
            case Opcode.POP -> plain(Instruction.POP, pc);
            case Opcode.PC -> emit(Instruction.of(Instruction.PUSH, 0, pc), pc);
            case Opcode.JUMP -> jump(pc);
            case Opcode.JUMPI -> jumpIf(pc);
            default -> emit(Instruction.of(Instruction.ENVIRONMENT, op, 0), pc);
        }
    }

    private void end(long instruction, int pc) {
        emit(instruction, pc);
        close();
        endsPath = true;
    }

    private void last(int number, int y, long x, int pc) {
        emit(Instruction.of(number, y, x), pc);
        close();
    }

    private void memory(int number, int joined, int pc) {
        if (last(0) == Instruction.PUSH) {
            join(joined);
        } else {
            plain(number, pc);
        }
    }

    private boolean jumpsToDestination() {
        if (last(0) != Instruction.PUSH) {
            return false;
        }
        long target = Instruction.x(program[size - 1]);
        return target < code.length && (destinations[(int) (target >>> 6)] >>> target & 1) != 0;
    }

    private void jump(int pc) {
        if (jumpsToDestination()) {
            join(Instruction.JUMP_TO);
        } else {
            plain(Instruction.JUMP, pc);
        }
        close();
        endsPath = true;
    }

    private void jumpIf(int pc) {
        if (!jumpsToDestination()) {
            plain(Instruction.JUMPI, pc);
            close();
            return;
        }
        long target = Instruction.x(program[size - 1]);
        size--;
        int first = pcs[size];
        boolean negated = false;
        boolean tests = false;
        while (last(0) == Instruction.ISZERO) {
            size--;
            first = pcs[size];
            negated = !negated;
            tests = true;
        }
        int comparison = last(0);
        int number;
        if (comparison >= Instruction.LT && comparison <= Instruction.EQ) {
            size--;
            first = pcs[size];
            number = (negated ? Instruction.NOT_LT_JUMPI : Instruction.LT_JUMPI) + comparison - Instruction.LT;
        } else {
            number = tests && negated ? Instruction.ISZERO_JUMPI : Instruction.JUMPI_TO;
        }
        emit(Instruction.of(number, 0, target), first);
        close();
    }

    // Pairs

    /** Joins neighbours in the open block. */
    private void compact() {
        int to = block + 1;
        int from = to;
        while (from < size) {
            long first = program[from];
            if (isSwapSwapPop(from)) {
                pcs[to] = pcs[from];
                program[to++] = Instruction.of(
                        Instruction.SWAP_SWAP_POP, Instruction.y(first), Instruction.y(program[from + 1]));
                from += 3;
                continue;
            }
            long pair = from + 1 < size ? pair(first, program[from + 1]) : 0;
            pcs[to] = pcs[from];
            if (pair != 0) {
                program[to++] = pair;
                from += 2;
            } else {
                program[to++] = first;
                from++;
            }
        }
        size = to;
    }

    private boolean isSwapSwapPop(int at) {
        return at + 2 < size
                && Instruction.number(program[at]) == Instruction.SWAP
                && Instruction.number(program[at + 1]) == Instruction.SWAP
                && Instruction.number(program[at + 2]) == Instruction.POP;
    }

    private static long pair(long first, long second) {
        int next = Instruction.number(second);
        return switch (Instruction.number(first)) {
            case Instruction.DUP ->
                switch (next) {
                    case Instruction.DUP ->
                        Instruction.of(Instruction.DUP_DUP, Instruction.y(first), Instruction.y(second));
                    case Instruction.PUSH ->
                        Instruction.of(Instruction.DUP_PUSH, Instruction.y(first), Instruction.x(second));
                    case Instruction.ADD -> Instruction.of(Instruction.DUP_ADD, Instruction.y(first), 0);
                    case Instruction.SUB -> Instruction.of(Instruction.DUP_SUB, Instruction.y(first), 0);
                    case Instruction.AND -> Instruction.of(Instruction.DUP_AND, Instruction.y(first), 0);
                    case Instruction.OR -> Instruction.of(Instruction.DUP_OR, Instruction.y(first), 0);
                    case Instruction.XOR -> Instruction.of(Instruction.DUP_XOR, Instruction.y(first), 0);
                    case Instruction.EQ -> Instruction.of(Instruction.DUP_EQ, Instruction.y(first), 0);
                    case Instruction.ISZERO -> Instruction.of(Instruction.DUP_ISZERO, Instruction.y(first), 0);
                    case Instruction.JUMP_TO ->
                        Instruction.of(Instruction.DUP_JUMP_TO, Instruction.y(first), Instruction.x(second));
                    case Instruction.MLOAD -> Instruction.of(Instruction.DUP_MLOAD, Instruction.y(first), 0);
                    default -> 0;
                };
            case Instruction.PUSH ->
                switch (next) {
                    case Instruction.DUP ->
                        Instruction.of(Instruction.PUSH_DUP, Instruction.y(second), Instruction.x(first));
                    case Instruction.SWAP ->
                        Instruction.of(Instruction.PUSH_SWAP, Instruction.y(second), Instruction.x(first));
                    case Instruction.PUSH ->
                        Instruction.x(second) < 1 << 16
                                ? Instruction.of(
                                        Instruction.PUSH_PUSH, (int) Instruction.x(second), Instruction.x(first))
                                : 0;
                    default -> 0;
                };
            case Instruction.SWAP ->
                switch (next) {
                    case Instruction.POP -> Instruction.of(Instruction.SWAP_POP, Instruction.y(first), 0);
                    case Instruction.JUMP -> Instruction.of(Instruction.SWAP_JUMP, Instruction.y(first), 0);
                    case Instruction.SWAP ->
                        Instruction.of(Instruction.SWAP_SWAP, Instruction.y(first), Instruction.y(second));
                    default -> 0;
                };
            case Instruction.POP ->
                switch (next) {
                    case Instruction.POP -> Instruction.of(Instruction.POP_POP, 0, 0);
                    case Instruction.JUMP -> Instruction.of(Instruction.POP_JUMP, 0, 0);
                    default -> 0;
                };
            default -> 0;
        };
    }
}
