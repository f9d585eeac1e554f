package io.engram.client.differential;

import io.engram.genesis.Address;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * A random program of opcodes up to Shanghai: parts that keep the stack in order, weighted towards edge values, in a loop
 * that ends when the gas does or falls below a bound.
 */
final class EdgeProgram {

    private static final int STOP = 0x00;
    private static final int LT = 0x10;
    private static final int SELFDESTRUCT = 0xff;
    private static final int MSTORE = 0x52;
    private static final int JUMPI = 0x57;
    private static final int GAS = 0x5a;
    private static final int JUMPDEST = 0x5b;
    private static final int POP = 0x50;
    private static final int PUSH0 = 0x5f;
    private static final int DUP1 = 0x80;
    private static final int SWAP1 = 0x90;

    /** Words of the stack that parts may build up before they are taken off. */
    private static final int HIGH = 12;

    private static final int[] NULLARY = {
        0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x58, 0x59, 0x5a
    };
    private static final int[] UNARY = {0x15, 0x19, 0x35, 0x40};
    private static final int[] BINARY = {
        0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a,
        0x1b, 0x1c, 0x1d
    };
    private static final int[] TERNARY = {0x08, 0x09};
    private static final List<Address> NOBODY =
            List.of(Scenario.SENDER, Scenario.COINBASE, Address.fromHex("0x00000000000000000000000000000000000dead1"));

    private final SplittableRandom random;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int height;

    private EdgeProgram(SplittableRandom random) {
        this.random = random;
    }

    /** A contract's code; most return something. */
    static Bytes contract(SplittableRandom random) {
        EdgeProgram program = new EdgeProgram(random);
        boolean loops = random.nextInt(4) != 0;
        if (loops) {
            program.op(JUMPDEST);
        }
        for (int parts = 1 + random.nextInt(40); parts > 0; parts--) {
            program.part();
        }
        if (loops) {
            program.loop();
        }
        program.end();
        return Bytes.wrap(program.out.toByteArray());
    }

    /** Init code: most deploys something, some of which runs. */
    static Bytes initCode(SplittableRandom random) {
        EdgeProgram program = new EdgeProgram(random);
        for (int parts = random.nextInt(12); parts > 0; parts--) {
            program.part();
        }
        program.store(program.random.nextInt(4) * 8, runtime(random));
        program.push(random.nextInt(64));
        program.push(random.nextInt(32));
        program.op(random.nextInt(8) == 0 ? 0xfd : 0xf3);
        return Bytes.wrap(program.out.toByteArray());
    }

    /** A word of code that does something small. */
    private static Bytes runtime(SplittableRandom random) {
        List<String> codes = List.of(
                "0x60015460010180600155600052596000f3",
                "0x600035600055600054600052602060206000f3",
                "0x33ff",
                "0xef00",
                "0x5f5ffd",
                "0x3660006000376000600036600060007300000000000000000000000000000000000c0de25af1");
        Bytes code = Bytes.fromHexString(codes.get(random.nextInt(codes.size())));
        return Bytes.concatenate(code, Bytes.wrap(new byte[Math.max(0, 32 - code.size())]))
                .slice(0, 32);
    }

    private void op(int op) {
        out.write(op);
    }

    private void push(long value) {
        push(UInt256.valueOf(value));
    }

    private void push(UInt256 value) {
        Bytes bytes = value.trimLeadingZeros();
        int size = Math.max(1, Math.min(32, bytes.size() + (random.nextInt(16) == 0 ? 1 : 0)));
        op(PUSH0 + size);
        out.writeBytes(new byte[size - bytes.size()]);
        out.writeBytes(bytes.toArrayUnsafe());
        height++;
    }

    private void push(Address address) {
        op(PUSH0 + Address.SIZE);
        out.writeBytes(address.toArray());
        height++;
    }

    private UInt256 edge() {
        UInt256 power = UInt256.ONE.shiftLeft(random.nextInt(256));
        return switch (random.nextInt(10)) {
            case 0 -> UInt256.ZERO;
            case 1 -> UInt256.ONE;
            case 2 -> power;
            case 3 -> power.subtract(1);
            case 4 -> UInt256.ZERO.subtract(power);
            case 5 -> UInt256.MAX_VALUE;
            case 6 -> UInt256.valueOf(random.nextInt(260));
            case 7 -> UInt256.ONE.shiftLeft(64 * (1 + random.nextInt(3))).subtract(random.nextInt(3) - 1);
            case 8 -> UInt256.ZERO.subtract(random.nextInt(1, 260));
            default -> UInt256.fromBytes(bytes(32));
        };
    }

    private Bytes bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private int any(int[] of) {
        return of[random.nextInt(of.length)];
    }

    private void need(int words) {
        while (height < words && random.nextInt(1_000) != 0) {
            push(edge());
        }
    }

    private void offset() {
        switch (random.nextInt(250)) {
            case 0 -> push(edge());
            case 1 -> push(random.nextInt(30_000));
            default -> push(random.nextInt(300));
        }
    }

    private void size() {
        push(random.nextInt(30) == 0 ? random.nextInt(5_000) : random.nextInt(100));
    }

    private void someone() {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> push(Scenario.SECOND);
            case 3 -> push(Scenario.FIRST);
            case 4, 5 -> push(1 + random.nextInt(10));
            case 6 -> push(NOBODY.get(random.nextInt(NOBODY.size())));
            default -> push(edge());
        }
    }

    private void slot() {
        push(random.nextInt(20) == 0 ? edge() : UInt256.valueOf(random.nextInt(4)));
    }

    /** An operation that takes so many words and gives one. */
    private void operation(int in, int op) {
        need(in);
        if (random.nextInt(3) == 0) {
            push(edge());
        }
        op(op);
        height = Math.max(1, height - in + 1);
    }

    private void part() {
        if (height > HIGH) {
            op(POP);
            height--;
        }
        switch (random.nextInt(26)) {
            case 0, 1, 2, 3 -> operation(2, any(BINARY));
            case 4 -> operation(3, any(TERNARY));
            case 5 -> operation(1, any(UNARY));
            case 6 -> {
                op(any(NULLARY));
                height++;
            }
            case 7 -> push(edge());
            case 8 -> {
                int n = random.nextInt(16);
                need(n + 1);
                op(DUP1 + n);
                height++;
            }
            case 9 -> {
                int n = random.nextInt(16);
                need(n + 2);
                op(SWAP1 + n);
            }
            case 10 -> {
                need(1);
                offset();
                op(random.nextInt(4) == 0 ? 0x53 : MSTORE);
                height -= 2;
            }
            case 11 -> {
                offset();
                op(0x51);
            }
            case 12 -> {
                slot();
                op(0x54);
            }
            case 13, 14 -> {
                push(random.nextBoolean() ? UInt256.valueOf(random.nextInt(3)) : edge());
                slot();
                op(0x55);
                height -= 2;
            }
            case 15, 16 -> call();
            case 17 -> precompile();
            case 18 -> {
                size();
                offset();
                op(0x20);
                height--;
            }
            case 19 -> copy();
            case 20 -> log();
            case 21 -> {
                someone();
                op(random.nextInt(3) == 0 ? 0x31 : random.nextBoolean() ? 0x3b : 0x3f);
            }
            case 22 -> create();
            case 23 -> skip();
            case 24 -> {
                if (random.nextInt(6) == 0) {
                    op(PUSH0);
                    height++;
                } else {
                    op(JUMPDEST);
                }
            }
            default -> {
                if (random.nextInt(100) == 0) {
                    op(random.nextInt(256));
                } else if (random.nextInt(60) == 0) {
                    someone();
                    op(SELFDESTRUCT);
                }
            }
        }
        height = Math.max(0, height);
    }

    /** A conditional jump over the next operation. */
    private void skip() {
        need(2);
        op(LT);
        height--;
        int target = out.size() + 4 + 1;
        op(PUSH0 + 2);
        out.write(target >> 8);
        out.write(target);
        op(JUMPI);
        height--;
        op(random.nextInt(3) == 0 ? STOP : JUMPDEST);
        op(JUMPDEST);
    }

    private void call() {
        size();
        offset();
        size();
        offset();
        int op = List.of(0xf1, 0xf1, 0xf2, 0xf4, 0xfa).get(random.nextInt(5));
        boolean hasValue = op == 0xf1 || op == 0xf2;
        if (hasValue) {
            push(random.nextInt(3) == 0 ? random.nextInt(2_000_000) : 0);
        }
        someone();
        gas();
        op(op);
        height -= hasValue ? 6 : 5;
    }

    private void gas() {
        switch (random.nextInt(4)) {
            case 0 -> {
                op(GAS);
                height++;
            }
            case 1 -> push(edge());
            default -> push(random.nextInt(60_000));
        }
    }

    /** Input that a precompiled contract takes, then a call of it. */
    private void precompile() {
        int contract = 1 + random.nextInt(9);
        switch (contract) {
            case 1 -> {
                store(32, UInt256.valueOf(27 + random.nextInt(3)).toBytes());
                store(64, bytes(32));
                store(96, bytes(32));
            }
            case 5 -> {
                for (int at = 0; at < 96; at += 32) {
                    store(at, UInt256.valueOf(random.nextInt(40)).toBytes());
                }
                store(96, bytes(32));
                store(128, random.nextInt(4) == 0 ? Bytes.wrap(new byte[32]) : bytes(32));
            }
            case 6, 7, 8 -> {
                store(0, UInt256.ONE.toBytes());
                store(32, UInt256.valueOf(2).toBytes());
                store(64, random.nextBoolean() ? UInt256.ONE.toBytes() : bytes(32));
                store(96, UInt256.valueOf(2).toBytes());
            }
            case 9 -> {
                store(0, Bytes.concatenate(Bytes.of(0, 0, 0, random.nextInt(14)), bytes(28)));
                push(random.nextInt(3));
                push(212);
                op(0x53);
                height -= 2;
            }
            default -> {}
        }
        push(96);
        push(random.nextInt(300));
        push(contract == 9 ? 213 : contract == 8 ? 192 * random.nextInt(2) : random.nextInt(200));
        push(0);
        push(contract);
        gas();
        op(0xfa);
        height -= 5;
    }

    private void store(int at, Bytes word) {
        push(UInt256.fromBytes(word));
        push(at);
        op(MSTORE);
        height -= 2;
    }

    private void copy() {
        size();
        offset();
        offset();
        int op = List.of(0x37, 0x39, 0x3c, 0x3e).get(random.nextInt(4));
        if (op == 0x3c) {
            someone();
            height--;
        }
        op(op);
        height -= 3;
    }

    private void log() {
        int topics = random.nextInt(5);
        need(topics);
        size();
        offset();
        op(0xa0 + topics);
        height -= 2 + topics;
    }

    /** Deploys a word of code, or what memory happens to hold, and mostly calls it. */
    private void create() {
        if (random.nextInt(4) != 0) {
            // PUSH32 code, MSTORE at 0, RETURN of 32 bytes
            Bytes code = Bytes.concatenate(
                    Bytes.of(0x7f),
                    runtime(random),
                    Bytes.fromHexString("0x60005260206000f3"),
                    Bytes.wrap(new byte[23]));
            store(0, code.slice(0, 32));
            store(32, code.slice(32, 32));
        }
        boolean salted = random.nextBoolean();
        if (salted) {
            push(random.nextInt(3));
        }
        push(random.nextInt(64));
        push(random.nextInt(10) == 0 ? random.nextInt(64) : 0);
        push(random.nextInt(3) == 0 ? random.nextInt(100) : 0);
        op(salted ? 0xf5 : 0xf0);
        height -= salted ? 3 : 2;
        if (random.nextInt(3) != 0) {
            // The new address lies below what a call takes.
            for (int i = 0; i < 5; i++) {
                push(0);
            }
            op(DUP1 + 5);
            op(GAS);
            op(0xf1);
            height -= 4;
        }
    }

    /** Back to the start while there is gas, with an empty stack. */
    private void loop() {
        for (; height > 0; height--) {
            op(POP);
        }
        op(GAS);
        push(20_000 + random.nextInt(60_000));
        op(LT);
        push(0);
        op(JUMPI);
        height = 0;
    }

    private void end() {
        if (random.nextInt(5) == 0) {
            return;
        }
        size();
        offset();
        op(random.nextInt(6) == 0 ? 0xfd : 0xf3);
    }
}
