package io.engram.evm.interpreter;

import io.engram.evm.operation.Arithmetic;
import io.engram.evm.operation.Calls;
import io.engram.evm.operation.Comparison;
import io.engram.evm.operation.Control;
import io.engram.evm.operation.Environment;
import io.engram.evm.operation.Hashing;
import io.engram.evm.operation.Joined;
import io.engram.evm.operation.Memory;
import io.engram.evm.operation.Storage;

/**
 * Runs decoded code, with stack and fixed gas checked once for each basic block. A block that fails its check is left to
 * the plain interpreter, so that its failure is the one the opcodes have one by one. Does not trace.
 *
 * <p>Memory or EXP in the middle of a block meets less gas than it would one by one, as the fixed gas of the opcodes
 * behind it is gone already. If it then cannot be paid for, the frame would have run out of gas at one of those opcodes
 * at the latest: none before the last of a block can fail otherwise once the stack is known to suffice, and the last one
 * is charged before it does. So the halt is the same.
 *
 * <p>What is measured to matter for speed: every body is a method of its own, kept out of line by {@link OutOfLine}; the
 * loop has below 3000 bytecodes (a test reads them); the block check is one sign test on longs. Measure in several fresh
 * JVMs before changing any of it.
 */
public final class FastInterpreter implements Interpreter {

    /**
     * Gas of one plain run, and decoded frames, after which the JIT's help is asked for: not at start, for what it costs,
     * but before the loop is hot.
     */
    private static final long MUCH_GAS = 1_000_000;

    private static final int RUNS_BEFORE_REQUEST = 50;

    private final Interpreter plain = new PlainInterpreter();
    private final DecodedCodeCache cache;

    /** A lost count does no harm. */
    private int runs;

    public FastInterpreter(DecodedCodeCache cache) {
        this.cache = cache;
    }

    @Override
    public int run(Frame f) {
        DecodedCode decoded = f.decoded;
        if (decoded == null) {
            // Init code runs once and has no hash to be found by.
            decoded = f.code.isInitCode() ? null : cache.get(f.code, f.table);
            if (decoded == null) {
                return runPlainly(f);
            }
            f.decoded = decoded;
            if (++runs == RUNS_BEFORE_REQUEST) {
                OutOfLine.request();
            }
        }
        return execute(f, decoded);
    }

    private int runPlainly(Frame f) {
        long before = f.gas;
        int halt = plain.run(f);
        if (before - f.gas > MUCH_GAS) {
            OutOfLine.request();
        }
        if (halt < Halt.EXCEPTIONAL) {
            // What a callee gets it may give back.
            f.code.earn(Math.max(0, before - f.gas - (halt == Halt.CALL ? f.request.gas : 0)));
        }
        return halt;
    }

    /** Goes on plainly at a block that fails. */
    private int fail(Frame f, DecodedCode d, int at, int sp, long gas) {
        f.save(d.pcs()[at], sp, gas);
        return plain.run(f);
    }

    private int execute(Frame f, DecodedCode d) {
        final long[] s = f.stack;
        final long[] program = d.program();
        int ip = d.start(f.pc);
        int sp = f.sp;
        long gas = f.gas;
        block:
        while (true) {
            long w = program[ip++];
            if (((gas -= w >>> 34) | (sp - (w >>> 8 & 0x1fff)) | ((w >>> 21 & 0x1fff) - sp)) < 0) {
                return fail(f, d, ip - 1, sp, gas + (w >>> 34));
            }
            while (true) {
                w = program[ip++];
                switch ((int) w & 0xff) {
                    case Instruction.BLOCK -> {
                        ip--;
                        continue block;
                    }
                    case Instruction.STOP -> {
                        f.save(d.pcs()[ip - 1], sp, gas);
                        return Halt.STOP;
                    }
                    case Instruction.ADD -> {
                        Arithmetic.add(s, sp);
                        sp -= 4;
                    }
                    case Instruction.MUL -> {
                        Arithmetic.mul(s, sp);
                        sp -= 4;
                    }
                    case Instruction.SUB -> {
                        Arithmetic.sub(s, sp);
                        sp -= 4;
                    }
                    case Instruction.DIV -> {
                        Arithmetic.div(s, sp);
                        sp -= 4;
                    }
                    case Instruction.SDIV -> {
                        Arithmetic.sdiv(s, sp);
                        sp -= 4;
                    }
                    case Instruction.MOD -> {
                        Arithmetic.mod(s, sp);
                        sp -= 4;
                    }
                    case Instruction.SMOD -> {
                        Arithmetic.smod(s, sp);
                        sp -= 4;
                    }
                    case Instruction.SIGNEXTEND -> {
                        Arithmetic.signExtend(s, sp);
                        sp -= 4;
                    }
                    case Instruction.ADDMOD -> {
                        Arithmetic.addmod(s, sp);
                        sp -= 8;
                    }
                    case Instruction.MULMOD -> {
                        Arithmetic.mulmod(s, sp);
                        sp -= 8;
                    }
                    case Instruction.EXP -> {
                        gas = Arithmetic.exp(f, s, sp, gas);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        sp -= 4;
                    }
                    case Instruction.LT -> {
                        Comparison.lessThan(s, sp);
                        sp -= 4;
                    }
                    case Instruction.GT -> {
                        Comparison.greaterThan(s, sp);
                        sp -= 4;
                    }
                    case Instruction.SLT -> {
                        Comparison.signedLessThan(s, sp);
                        sp -= 4;
                    }
                    case Instruction.SGT -> {
                        Comparison.signedGreaterThan(s, sp);
                        sp -= 4;
                    }
                    case Instruction.EQ -> {
                        Comparison.equal(s, sp);
                        sp -= 4;
                    }
                    case Instruction.AND -> {
                        Comparison.and(s, sp);
                        sp -= 4;
                    }
                    case Instruction.OR -> {
                        Comparison.or(s, sp);
                        sp -= 4;
                    }
                    case Instruction.XOR -> {
                        Comparison.xor(s, sp);
                        sp -= 4;
                    }
                    case Instruction.BYTE -> {
                        Comparison.byteAt(s, sp);
                        sp -= 4;
                    }
                    case Instruction.SHL -> {
                        Comparison.shiftLeft(s, sp);
                        sp -= 4;
                    }
                    case Instruction.SHR -> {
                        Comparison.shiftRight(s, sp);
                        sp -= 4;
                    }
                    case Instruction.SAR -> {
                        Comparison.shiftRightSigned(s, sp);
                        sp -= 4;
                    }
                    case Instruction.ISZERO -> Comparison.isZero(s, sp);
                    case Instruction.NOT -> Comparison.not(s, sp);
                    case Instruction.REPLACE -> Joined.replace(f, s, sp, (int) (w >>> 8) & 0xffff);
                    case Instruction.ENVIRONMENT -> {
                        Joined.environment(f, s, sp, (int) (w >>> 8) & 0xffff);
                        sp += 4;
                    }
                    case Instruction.CALLER -> {
                        Environment.caller(f, s, sp);
                        sp += 4;
                    }
                    case Instruction.CALLVALUE -> {
                        Environment.callValue(f, s, sp);
                        sp += 4;
                    }
                    case Instruction.CALLDATASIZE -> {
                        Environment.callDataSize(f, s, sp);
                        sp += 4;
                    }
                    case Instruction.CALLDATALOAD -> Environment.callDataLoad(f, s, sp);
                    case Instruction.KECCAK256 -> {
                        gas = Hashing.keccak256(f, s, sp, gas);
                        sp -= 4;
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        continue block;
                    }
                    case Instruction.ACCOUNT -> {
                        gas = Joined.account(f, s, sp, gas, (int) (w >>> 8) & 0xffff);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        continue block;
                    }
                    case Instruction.COPY -> {
                        gas = Joined.copy(f, s, sp, gas, (int) (w >>> 8) & 0xffff);
                        sp -= (int) (w >>> 32);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        continue block;
                    }
                    case Instruction.LOG -> {
                        gas = Control.log(f, s, sp, (int) (w >>> 8) & 0xffff, gas);
                        sp -= (int) (w >>> 32);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        continue block;
                    }
                    case Instruction.SLOAD -> {
                        gas = Storage.load(f, s, sp, gas);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        continue block;
                    }
                    case Instruction.SSTORE -> {
                        gas = Storage.store(f, s, sp, gas);
                        sp -= 8;
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        continue block;
                    }
                    case Instruction.TSTORE -> {
                        gas = Storage.transientStore(f, s, sp, gas);
                        sp -= 8;
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        continue block;
                    }
                    case Instruction.MLOAD -> {
                        gas = Memory.load(f, s, sp, gas);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                    }
                    case Instruction.MSTORE -> {
                        gas = Memory.store(f, s, sp, gas);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        sp -= 8;
                    }
                    case Instruction.MSTORE8 -> {
                        gas = Memory.store8(f, s, sp, gas);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        sp -= 8;
                    }
                    case Instruction.POP -> sp -= 4;
                    case Instruction.JUMP -> {
                        sp -= 4;
                        ip = Joined.entry(d.entries(), s, sp) - 1;
                        if (ip < 0) {
                            return Halt.INVALID_JUMP;
                        }
                        continue block;
                    }
                    case Instruction.JUMPI -> {
                        sp -= 8;
                        if (!Joined.isZero(s, sp)) {
                            ip = Joined.entry(d.entries(), s, sp + 4) - 1;
                            if (ip < 0) {
                                return Halt.INVALID_JUMP;
                            }
                        }
                        continue block;
                    }
                    case Instruction.GAS -> {
                        Joined.push(s, sp, gas);
                        sp += 4;
                        continue block;
                    }
                    case Instruction.PUSH -> {
                        Joined.push(s, sp, w >>> 32);
                        sp += 4;
                    }
                    case Instruction.PUSH_CONSTANT -> {
                        Joined.pushConstant(s, sp, d.constants(), (int) (w >>> 32));
                        sp += 4;
                    }
                    case Instruction.DUP -> {
                        Joined.dup(s, sp, (int) (w >>> 8) & 0xffff);
                        sp += 4;
                    }
                    case Instruction.SWAP -> Joined.swap(s, sp, (int) (w >>> 8) & 0xffff);
                    case Instruction.CALL -> {
                        gas = Joined.call(f, s, sp, gas, (int) (w >>> 8) & 0xffff);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        f.save(d.pcs()[ip], sp - (int) (w >>> 32), gas);
                        return Halt.CALL;
                    }
                    case Instruction.RETURN -> {
                        gas = Control.output(f, s, sp, gas);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        f.save(d.pcs()[ip - 1], sp, gas);
                        return (int) (w >>> 8) & 0xffff;
                    }
                    case Instruction.SELFDESTRUCT -> {
                        gas = Calls.selfDestruct(f, s, sp, gas);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        f.save(d.pcs()[ip - 1], sp, gas);
                        return Halt.SELF_DESTRUCT;
                    }
                    case Instruction.EXTENSION -> {
                        f.save(d.pcs()[ip - 1], sp, gas);
                        gas = f.extension((int) (w >>> 8) & 0xffff, gas);
                        sp = f.sp;
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        continue block;
                    }
                    case Instruction.UNDEFINED -> {
                        return fail(f, d, ip - 1, sp, gas);
                    }
                    case Instruction.JUMP_TO -> {
                        ip = (int) (w >>> 32);
                        continue block;
                    }
                    case Instruction.JUMPI_TO -> {
                        sp -= 4;
                        if (!Joined.isZero(s, sp)) {
                            ip = (int) (w >>> 32);
                        }
                        continue block;
                    }
                    case Instruction.ISZERO_JUMPI -> {
                        sp -= 4;
                        if (Joined.isZero(s, sp)) {
                            ip = (int) (w >>> 32);
                        }
                        continue block;
                    }
                    case Instruction.LT_JUMPI -> {
                        sp -= 8;
                        if (Joined.less(s, sp + 4, sp)) {
                            ip = (int) (w >>> 32);
                        }
                        continue block;
                    }
                    case Instruction.GT_JUMPI -> {
                        sp -= 8;
                        if (Joined.less(s, sp, sp + 4)) {
                            ip = (int) (w >>> 32);
                        }
                        continue block;
                    }
                    case Instruction.SLT_JUMPI -> {
                        sp -= 8;
                        if (Joined.lessSigned(s, sp + 4, sp)) {
                            ip = (int) (w >>> 32);
                        }
                        continue block;
                    }
                    case Instruction.SGT_JUMPI -> {
                        sp -= 8;
                        if (Joined.lessSigned(s, sp, sp + 4)) {
                            ip = (int) (w >>> 32);
                        }
                        continue block;
                    }
                    case Instruction.EQ_JUMPI -> {
                        sp -= 8;
                        if (Joined.equal(s, sp + 4, sp)) {
                            ip = (int) (w >>> 32);
                        }
                        continue block;
                    }
                    case Instruction.NOT_LT_JUMPI -> {
                        sp -= 8;
                        if (!Joined.less(s, sp + 4, sp)) {
                            ip = (int) (w >>> 32);
                        }
                        continue block;
                    }
                    case Instruction.NOT_GT_JUMPI -> {
                        sp -= 8;
                        if (!Joined.less(s, sp, sp + 4)) {
                            ip = (int) (w >>> 32);
                        }
                        continue block;
                    }
                    case Instruction.NOT_SLT_JUMPI -> {
                        sp -= 8;
                        if (!Joined.lessSigned(s, sp + 4, sp)) {
                            ip = (int) (w >>> 32);
                        }
                        continue block;
                    }
                    case Instruction.NOT_SGT_JUMPI -> {
                        sp -= 8;
                        if (!Joined.lessSigned(s, sp, sp + 4)) {
                            ip = (int) (w >>> 32);
                        }
                        continue block;
                    }
                    case Instruction.NOT_EQ_JUMPI -> {
                        sp -= 8;
                        if (!Joined.equal(s, sp + 4, sp)) {
                            ip = (int) (w >>> 32);
                        }
                        continue block;
                    }
                    case Instruction.PUSH_ADD -> Joined.pushAdd(s, sp, w >>> 32);
                    case Instruction.PUSH_MUL -> Joined.pushMul(s, sp, w >>> 32);
                    case Instruction.PUSH_AND -> Joined.pushAnd(s, sp, w >>> 32);
                    case Instruction.PUSH_EQ -> Joined.pushEqual(s, sp, w >>> 32);
                    case Instruction.PUSH_SHL -> Joined.pushShiftLeft(s, sp, w >>> 32);
                    case Instruction.PUSH_SHR -> Joined.pushShiftRight(s, sp, w >>> 32);
                    case Instruction.PUSH_SAR -> Joined.pushShiftRightSigned(s, sp, w >>> 32);
                    case Instruction.PUSH_MLOAD -> {
                        gas = Joined.pushLoad(f, s, sp, gas, w >>> 32);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        sp += 4;
                    }
                    case Instruction.PUSH_MSTORE -> {
                        gas = Joined.pushStore(f, s, sp, gas, w >>> 32);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        sp -= 4;
                    }
                    case Instruction.PUSH_SUB -> Joined.pushSub(s, sp, w >>> 32);
                    case Instruction.CONSTANT_AND -> Joined.constantAnd(s, sp, d.constants(), (int) (w >>> 32));
                    case Instruction.REVERSE_SUB -> {
                        Joined.reverseSub(s, sp);
                        sp -= 4;
                    }
                    case Instruction.DUP_DUP -> {
                        Joined.dupDup(s, sp, (int) (w >>> 8) & 0xffff, (int) (w >>> 32));
                        sp += 8;
                    }
                    case Instruction.DUP_PUSH -> {
                        Joined.dupPush(s, sp, (int) (w >>> 8) & 0xffff, w >>> 32);
                        sp += 8;
                    }
                    case Instruction.PUSH_DUP -> {
                        Joined.pushDup(s, sp, w >>> 32, (int) (w >>> 8) & 0xffff);
                        sp += 8;
                    }
                    case Instruction.PUSH_PUSH -> {
                        Joined.pushPush(s, sp, w >>> 32, w >>> 8 & 0xffff);
                        sp += 8;
                    }
                    case Instruction.DUP_ADD -> Joined.dupAdd(s, sp, (int) (w >>> 8) & 0xffff);
                    case Instruction.DUP_MLOAD -> {
                        gas = Joined.dupLoad(f, s, sp, gas, (int) (w >>> 8) & 0xffff);
                        if (gas < 0) {
                            return (int) -gas;
                        }
                        sp += 4;
                    }
                    case Instruction.SWAP_POP -> {
                        Joined.swapPop(s, sp, (int) (w >>> 8) & 0xffff);
                        sp -= 4;
                    }
                    case Instruction.POP_POP -> sp -= 8;
                    case Instruction.POP_JUMP -> {
                        sp -= 8;
                        ip = Joined.entry(d.entries(), s, sp) - 1;
                        if (ip < 0) {
                            return Halt.INVALID_JUMP;
                        }
                        continue block;
                    }
                    case Instruction.DUP_JUMP_TO -> {
                        Joined.dup(s, sp, (int) (w >>> 8) & 0xffff);
                        sp += 4;
                        ip = (int) (w >>> 32);
                        continue block;
                    }
                    case Instruction.DUP_ISZERO -> {
                        Joined.dupIsZero(s, sp, (int) (w >>> 8) & 0xffff);
                        sp += 4;
                    }
                    case Instruction.DUP_AND -> Joined.dupAnd(s, sp, (int) (w >>> 8) & 0xffff);
                    case Instruction.DUP_OR -> Joined.dupOr(s, sp, (int) (w >>> 8) & 0xffff);
                    case Instruction.DUP_XOR -> Joined.dupXor(s, sp, (int) (w >>> 8) & 0xffff);
                    case Instruction.DUP_EQ -> Joined.dupEqual(s, sp, (int) (w >>> 8) & 0xffff);
                    case Instruction.DUP_SUB -> Joined.dupSub(s, sp, (int) (w >>> 8) & 0xffff);
                    case Instruction.SWAP_JUMP -> {
                        int distance = (int) (w >>> 8) & 0xffff;
                        sp -= 4;
                        ip = Joined.entry(d.entries(), s, sp - distance) - 1;
                        Joined.swapPop(s, sp + 4, distance);
                        if (ip < 0) {
                            return Halt.INVALID_JUMP;
                        }
                        continue block;
                    }
                    case Instruction.SWAP_SWAP -> Joined.swapSwap(s, sp, (int) (w >>> 8) & 0xffff, (int) (w >>> 32));
                    case Instruction.SWAP_SWAP_POP -> {
                        Joined.swapSwapPop(s, sp, (int) (w >>> 8) & 0xffff, (int) (w >>> 32));
                        sp -= 4;
                    }
                    case Instruction.PUSH_SWAP -> {
                        Joined.pushSwap(s, sp, w >>> 32, (int) (w >>> 8) & 0xffff);
                        sp += 4;
                    }
                    default -> throw new IllegalStateException("instruction " + w);
                }
            }
        }
    }
}
