package io.engram.evm.interpreter;

import io.engram.evm.fixture.World;
import io.engram.evm.operation.Opcode;
import io.engram.evm.operation.OpcodeTable;
import io.engram.genesis.fork.Fork;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * A program that mostly keeps its stack in order, with loops, calls, storage and edge values, and some rubbish. Jumps
 * mostly lead to destinations, which are filled in at the end.
 */
final class RandomProgram {

    private static final int[] BINARY = {
        0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1b,
        0x1c, 0x1d
    };
    private static final int[] NULLARY = {
        0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4a, 0x58,
        0x59, 0x5a
    };
    private static final int[] JOINING = {
        Opcode.ADD,
        Opcode.MUL,
        Opcode.SUB,
        Opcode.AND,
        Opcode.EQ,
        Opcode.SHL,
        Opcode.SHR,
        Opcode.SAR,
        Opcode.LT,
        Opcode.GT,
        Opcode.NOT,
        Opcode.ISZERO,
        Opcode.MLOAD,
        Opcode.MSTORE,
        Opcode.OR,
        Opcode.XOR
    };

    private final SplittableRandom random;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<Integer> destinations = new ArrayList<>();
    private final List<Integer> references = new ArrayList<>();
    private int height;

    RandomProgram(SplittableRandom random) {
        this.random = random;
    }

    static Bytes bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private int any(int[] of) {
        return of[random.nextInt(of.length)];
    }

    private void op(int op) {
        out.write(op);
        OpcodeTable table = OpcodeTable.of(Fork.OSAKA);
        if (table.isDefined(op)) {
            height += (table.out()[op] - table.in()[op]) / OpcodeTable.WORD;
        }
    }

    private void push(UInt256 value) {
        Bytes bytes = value.trimLeadingZeros();
        int length = Math.min(32, bytes.size() + (random.nextInt(8) == 0 ? random.nextInt(3) : 0));
        length = Math.max(length, 1);
        op(Opcode.PUSH1 + length - 1);
        for (int i = bytes.size(); i < length; i++) {
            out.write(0);
        }
        out.writeBytes(bytes.toArray());
    }

    private UInt256 edge() {
        UInt256 one = UInt256.ONE;
        UInt256 power = one.shiftLeft(random.nextInt(256));
        return switch (random.nextInt(9)) {
            case 0 -> UInt256.ZERO;
            case 1 -> one;
            case 2 -> power;
            case 3 -> power.subtract(one);
            case 4 -> UInt256.ZERO.subtract(power);
            case 5 -> UInt256.MAX_VALUE;
            case 6 -> UInt256.valueOf(random.nextInt(300));
            case 7 -> one.shiftLeft(32 * (1 + random.nextInt(7))).subtract(random.nextInt(3));
            default -> UInt256.fromBytes(bytes(random, 32));
        };
    }

    private void small(int bound) {
        push(UInt256.valueOf(random.nextInt(bound)));
    }

    private void need(int words) {
        while (height < words && random.nextInt(60) != 0) {
            push(edge());
        }
    }

    private void label() {
        op(Opcode.PUSH1 + 1);
        references.add(out.size());
        out.write(0);
        out.write(0);
    }

    private void memoryOffset() {
        if (random.nextInt(12) == 0) {
            push(random.nextBoolean() ? edge() : UInt256.valueOf(random.nextInt(20_000)));
        } else {
            small(400);
        }
    }

    Bytes code() {
        int parts = 1 + random.nextInt(50);
        for (int i = 0; i < parts; i++) {
            part();
        }
        if (random.nextInt(4) != 0) {
            small(100);
            small(100);
            op(random.nextInt(5) == 0 ? Opcode.REVERT : Opcode.RETURN);
        }
        if (random.nextInt(8) == 0) {
            out.write(Opcode.PUSH1 + random.nextInt(32));
        }
        byte[] code = out.toByteArray();
        for (int at : references) {
            int target = destinations.isEmpty() || random.nextInt(12) == 0
                    ? random.nextInt(code.length + 5)
                    : destinations.get(random.nextInt(destinations.size()));
            code[at] = (byte) (target >> 8);
            code[at + 1] = (byte) target;
        }
        return Bytes.wrap(code);
    }

    private void part() {
        switch (random.nextInt(24)) {
            case 0, 1, 2 -> {
                need(2);
                op(any(BINARY));
            }
            case 3, 4 -> push(edge());
            case 5 -> {
                int n = random.nextInt(16);
                need(n + 1);
                op(Opcode.DUP1 + n);
            }
            case 6 -> {
                int n = random.nextInt(8);
                need(n + 2);
                op(Opcode.SWAP1 + n);
                if (random.nextBoolean()) {
                    op(random.nextBoolean() ? Opcode.POP : any(BINARY));
                }
            }
            case 7 -> op(any(NULLARY));
            case 8 -> {
                op(Opcode.JUMPDEST);
                destinations.add(out.size() - 1);
            }
            case 9 -> jumpIf();
            case 10 -> {
                label();
                op(Opcode.JUMP);
                if (random.nextInt(3) != 0) {
                    op(Opcode.JUMPDEST);
                    destinations.add(out.size() - 1);
                }
            }
            case 11 -> {
                need(1);
                memoryOffset();
                op(random.nextInt(4) == 0 ? Opcode.MSTORE8 : Opcode.MSTORE);
            }
            case 12 -> {
                memoryOffset();
                op(Opcode.MLOAD);
            }
            case 13 -> {
                small(3);
                op(random.nextInt(4) == 0 ? Opcode.TLOAD : Opcode.SLOAD);
            }
            case 14 -> {
                need(1);
                if (random.nextBoolean()) {
                    small(3);
                }
                small(3);
                op(random.nextInt(4) == 0 ? Opcode.TSTORE : Opcode.SSTORE);
            }
            case 15 -> call();
            case 16 -> {
                small(100);
                memoryOffset();
                op(Opcode.KECCAK256);
            }
            case 17 -> {
                need(1 + random.nextInt(4));
                push(edge());
                if (random.nextInt(4) == 0) {
                    push(edge());
                }
                op(any(JOINING));
                if (random.nextBoolean()) {
                    op(any(JOINING));
                }
            }
            case 18 -> {
                need(3);
                op(random.nextBoolean() ? Opcode.ADDMOD : random.nextBoolean() ? Opcode.MULMOD : Opcode.EXP);
            }
            case 19 -> copyOrLog();
            case 20 -> {
                push(UInt256.fromBytes(random.nextBoolean() ? World.OTHER.toBytes() : Bytes.of(random.nextInt(12))));
                op(random.nextBoolean() ? Opcode.BALANCE : random.nextBoolean() ? 0x3b : 0x3f);
            }
            case 21 -> {
                small(200);
                small(200);
                op(0xc1);
                height--;
            }
            case 22 -> {
                need(2);
                for (int i = random.nextInt(5); i >= 0; i--) {
                    op(random.nextInt(3) == 0 ? Opcode.POP : Opcode.DUP1 + random.nextInt(2));
                }
            }
            default -> {
                if (random.nextInt(5) == 0) {
                    op(random.nextInt(256));
                } else {
                    need(1);
                    op(random.nextBoolean() ? Opcode.ISZERO : random.nextBoolean() ? Opcode.CLZ : 0x35);
                }
            }
        }
    }

    private void jumpIf() {
        need(2);
        if (random.nextBoolean()) {
            op(0x10 + random.nextInt(5));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            op(Opcode.ISZERO);
        }
        label();
        if (random.nextInt(10) == 0) {
            op(Opcode.DUP1);
        }
        op(Opcode.JUMPI);
        if (random.nextInt(4) == 0) {
            op(Opcode.JUMPDEST);
            destinations.add(out.size() - 1);
        }
    }

    private void call() {
        int kind = random.nextInt(12);
        if (kind < 2) {
            // Init code from memory, which is mostly zeros, so that an empty contract comes of it.
            int size = random.nextInt(50);
            if (kind == 1) {
                small(3);
            }
            push(UInt256.valueOf(size));
            memoryOffset();
            small(3);
            op(kind == 0 ? Opcode.CREATE : Opcode.CREATE2);
            return;
        }
        small(64);
        memoryOffset();
        small(64);
        memoryOffset();
        int op = switch (kind % 4) {
            case 0 -> Opcode.CALL;
            case 1 -> Opcode.STATICCALL;
            case 2 -> Opcode.DELEGATECALL;
            default -> random.nextBoolean() ? Opcode.CALLCODE : Opcode.CALL;
        };
        if (op == Opcode.CALL || op == Opcode.CALLCODE) {
            small(3);
        }
        push(UInt256.fromBytes(
                switch (random.nextInt(6)) {
                    case 0 -> World.CONTRACT.toBytes();
                    case 1 -> Bytes.of(random.nextInt(11));
                    default -> World.OTHER.toBytes();
                }));
        if (random.nextBoolean()) {
            op(Opcode.GAS);
        } else {
            push(UInt256.valueOf(random.nextInt(40_000)));
        }
        op(op);
        if (random.nextInt(3) == 0) {
            op(Opcode.JUMPDEST);
            destinations.add(out.size() - 1);
        }
    }

    private void copyOrLog() {
        if (random.nextBoolean()) {
            int topics = random.nextInt(5);
            need(topics);
            small(60);
            memoryOffset();
            op(Opcode.LOG0 + topics);
            return;
        }
        small(60);
        small(60);
        memoryOffset();
        op(
                switch (random.nextInt(5)) {
                    case 0 -> Opcode.CALLDATACOPY;
                    case 1 -> Opcode.CODECOPY;
                    case 2 -> Opcode.MCOPY;
                    case 3 -> Opcode.RETURNDATACOPY;
                    default -> {
                        push(UInt256.fromBytes(World.OTHER.toBytes()));
                        yield Opcode.EXTCODECOPY;
                    }
                });
    }
}
