package io.engram.evm.interpreter;

import io.engram.evm.operation.Arithmetic;
import io.engram.evm.operation.Calls;
import io.engram.evm.operation.Comparison;
import io.engram.evm.operation.Control;
import io.engram.evm.operation.Environment;
import io.engram.evm.operation.Hashing;
import io.engram.evm.operation.Memory;
import io.engram.evm.operation.Opcode;
import io.engram.evm.operation.StackManipulation;
import io.engram.evm.operation.Storage;

/**
 * One opcode at a time, checking stack and gas before each: the interpreter for tracing and the oracle of any faster
 * one.
 *
 * <p>The loop must stay small (a test measures its bytecodes): the JIT does not compile methods over 8000 bytecodes and
 * spills registers long before, so every body is a method of its own.
 */
public final class PlainInterpreter implements Interpreter {

    @Override
    public int run(Frame f) {
        final long[] s = f.stack;
        final byte[] code = f.code.bytes();
        final int[] price = f.table.gas();
        final int[] need = f.need;
        final int[] room = f.table.room();
        int pc = f.pc;
        int sp = f.sp;
        long gas = f.gas;
        while (true) {
            int op = pc < code.length ? code[pc] & 0xff : 0;
            long left = gas - price[op];
            if ((left | (sp - need[op]) | (room[op] - sp)) < 0) {
                left = f.unusual(op, pc, sp, gas);
                if (left < 0) {
                    f.save(pc, sp, gas);
                    return (int) -left;
                }
            }
            gas = left;
            pc++;
            switch (op) {
                case Opcode.STOP -> {
                    f.save(pc, sp, gas);
                    return Halt.STOP;
                }
                case Opcode.ADD -> {
                    Arithmetic.add(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.MUL -> {
                    Arithmetic.mul(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.SUB -> {
                    Arithmetic.sub(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.DIV -> {
                    Arithmetic.div(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.SDIV -> {
                    Arithmetic.sdiv(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.MOD -> {
                    Arithmetic.mod(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.SMOD -> {
                    Arithmetic.smod(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.SIGNEXTEND -> {
                    Arithmetic.signExtend(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.ADDMOD -> {
                    Arithmetic.addmod(s, sp);
                    sp -= 8;
                    continue;
                }
                case Opcode.MULMOD -> {
                    Arithmetic.mulmod(s, sp);
                    sp -= 8;
                    continue;
                }
                case Opcode.EXP -> {
                    gas = Arithmetic.exp(f, s, sp, gas);
                    sp -= 4;
                }
                case Opcode.LT -> {
                    Comparison.lessThan(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.GT -> {
                    Comparison.greaterThan(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.SLT -> {
                    Comparison.signedLessThan(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.SGT -> {
                    Comparison.signedGreaterThan(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.EQ -> {
                    Comparison.equal(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.AND -> {
                    Comparison.and(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.OR -> {
                    Comparison.or(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.XOR -> {
                    Comparison.xor(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.BYTE -> {
                    Comparison.byteAt(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.SHL -> {
                    Comparison.shiftLeft(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.SHR -> {
                    Comparison.shiftRight(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.SAR -> {
                    Comparison.shiftRightSigned(s, sp);
                    sp -= 4;
                    continue;
                }
                case Opcode.ISZERO -> {
                    Comparison.isZero(s, sp);
                    continue;
                }
                case Opcode.NOT -> {
                    Comparison.not(s, sp);
                    continue;
                }
                case Opcode.CLZ -> {
                    Comparison.leadingZeros(s, sp);
                    continue;
                }
                case Opcode.KECCAK256 -> {
                    gas = Hashing.keccak256(f, s, sp, gas);
                    sp -= 4;
                }
                case Opcode.ADDRESS -> {
                    Environment.address(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.ORIGIN -> {
                    Environment.origin(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.CALLER -> {
                    Environment.caller(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.CALLVALUE -> {
                    Environment.callValue(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.CALLDATASIZE -> {
                    Environment.callDataSize(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.CODESIZE -> {
                    Environment.codeSize(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.GASPRICE -> {
                    Environment.gasPrice(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.RETURNDATASIZE -> {
                    Environment.returnDataSize(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.COINBASE -> {
                    Environment.coinbase(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.TIMESTAMP -> {
                    Environment.timestamp(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.NUMBER -> {
                    Environment.number(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.DIFFICULTY -> {
                    Environment.difficultyOrRandao(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.GASLIMIT -> {
                    Environment.gasLimit(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.CHAINID -> {
                    Environment.chainId(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.SELFBALANCE -> {
                    Environment.selfBalance(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.BASEFEE -> {
                    Environment.baseFee(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.BLOBBASEFEE -> {
                    Environment.blobBaseFee(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.MSIZE -> {
                    Environment.memorySize(f, s, sp);
                    sp += 4;
                    continue;
                }
                case Opcode.CALLDATALOAD -> {
                    Environment.callDataLoad(f, s, sp);
                    continue;
                }
                case Opcode.BLOCKHASH -> {
                    Environment.blockHash(f, s, sp);
                    continue;
                }
                case Opcode.BLOBHASH -> {
                    Environment.blobHash(f, s, sp);
                    continue;
                }
                case Opcode.BALANCE -> {
                    gas = Environment.balance(f, s, sp, gas);
                }
                case Opcode.EXTCODESIZE -> {
                    gas = Environment.extCodeSize(f, s, sp, gas);
                }
                case Opcode.EXTCODEHASH -> {
                    gas = Environment.extCodeHash(f, s, sp, gas);
                }
                case Opcode.EXTCODECOPY -> {
                    gas = Environment.extCodeCopy(f, s, sp, gas);
                    sp -= 16;
                }
                case Opcode.CALLDATACOPY -> {
                    gas = Memory.callDataCopy(f, s, sp, gas);
                    sp -= 12;
                }
                case Opcode.CODECOPY -> {
                    gas = Memory.codeCopy(f, s, sp, gas);
                    sp -= 12;
                }
                case Opcode.RETURNDATACOPY -> {
                    gas = Memory.returnDataCopy(f, s, sp, gas);
                    sp -= 12;
                }
                case Opcode.MCOPY -> {
                    gas = Memory.copy(f, s, sp, gas);
                    sp -= 12;
                }
                case Opcode.MLOAD -> {
                    gas = Memory.load(f, s, sp, gas);
                }
                case Opcode.MSTORE -> {
                    gas = Memory.store(f, s, sp, gas);
                    sp -= 8;
                }
                case Opcode.MSTORE8 -> {
                    gas = Memory.store8(f, s, sp, gas);
                    sp -= 8;
                }
                case Opcode.SLOAD -> {
                    gas = Storage.load(f, s, sp, gas);
                }
                case Opcode.SSTORE -> {
                    gas = Storage.store(f, s, sp, gas);
                    sp -= 8;
                }
                case Opcode.TSTORE -> {
                    gas = Storage.transientStore(f, s, sp, gas);
                    sp -= 8;
                }
                case Opcode.TLOAD -> {
                    Storage.transientLoad(f, s, sp);
                    continue;
                }
                case Opcode.POP -> {
                    sp -= 4;
                    continue;
                }
                case Opcode.JUMP -> {
                    pc = Control.jump(f, s, sp);
                    sp -= 4;
                    if (pc >= 0) {
                        continue;
                    }
                    gas = -Halt.INVALID_JUMP;
                }
                case Opcode.JUMPI -> {
                    pc = Control.jumpIf(f, s, sp, pc);
                    sp -= 8;
                    if (pc >= 0) {
                        continue;
                    }
                    gas = -Halt.INVALID_JUMP;
                }
                case Opcode.PC -> {
                    StackManipulation.pushLong(s, sp, pc - 1);
                    sp += 4;
                    continue;
                }
                case Opcode.GAS -> {
                    StackManipulation.pushLong(s, sp, gas);
                    sp += 4;
                    continue;
                }
                case Opcode.JUMPDEST -> {
                    continue;
                }
                case Opcode.PUSH0 -> {
                    StackManipulation.pushLong(s, sp, 0);
                    sp += 4;
                    continue;
                }
                case Opcode.PUSH1 -> {
                    StackManipulation.pushLong(s, sp, pc < code.length ? code[pc] & 0xff : 0);
                    sp += 4;
                    pc++;
                    continue;
                }
                case 0x61,
                        0x62,
                        0x63,
                        0x64,
                        0x65,
                        0x66,
                        0x67,
                        0x68,
                        0x69,
                        0x6a,
                        0x6b,
                        0x6c,
                        0x6d,
                        0x6e,
                        0x6f,
                        0x70,
                        0x71,
                        0x72,
                        0x73,
                        0x74,
                        0x75,
                        0x76,
                        0x77,
                        0x78,
                        0x79,
                        0x7a,
                        0x7b,
                        0x7c,
                        0x7d,
                        0x7e,
                        0x7f -> {
                    StackManipulation.push(code, pc, op - 0x5f, s, sp);
                    sp += 4;
                    pc += op - 0x5f;
                    continue;
                }
                case 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f -> {
                    StackManipulation.dup(s, sp, op - 0x7f);
                    sp += 4;
                    continue;
                }
                case 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f -> {
                    StackManipulation.swap(s, sp, op - 0x8f);
                    continue;
                }
                case 0xa0, 0xa1, 0xa2, 0xa3, 0xa4 -> {
                    gas = Control.log(f, s, sp, op - 0xa0, gas);
                    sp -= 4 * (op - 0xa0 + 2);
                }
                case Opcode.CREATE -> {
                    gas = Calls.create(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp - 12, gas);
                        return Halt.CALL;
                    }
                }
                case Opcode.CREATE2 -> {
                    gas = Calls.create2(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp - 16, gas);
                        return Halt.CALL;
                    }
                }
                case Opcode.CALL -> {
                    gas = Calls.call(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp - 28, gas);
                        return Halt.CALL;
                    }
                }
                case Opcode.CALLCODE -> {
                    gas = Calls.callCode(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp - 28, gas);
                        return Halt.CALL;
                    }
                }
                case Opcode.DELEGATECALL -> {
                    gas = Calls.delegateCall(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp - 24, gas);
                        return Halt.CALL;
                    }
                }
                case Opcode.STATICCALL -> {
                    gas = Calls.staticCall(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp - 24, gas);
                        return Halt.CALL;
                    }
                }
                case Opcode.RETURN -> {
                    gas = Control.output(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp, gas);
                        return Halt.RETURN;
                    }
                }
                case Opcode.REVERT -> {
                    gas = Control.output(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp, gas);
                        return Halt.REVERT;
                    }
                }
                case Opcode.SELFDESTRUCT -> {
                    gas = Calls.selfDestruct(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp, gas);
                        return Halt.SELF_DESTRUCT;
                    }
                }
                default -> {
                    f.save(pc, sp, gas);
                    gas = f.extension(op, gas);
                    sp = f.sp;
                }
            }
            if (gas < 0) {
                f.save(pc, sp, 0);
                return (int) -gas;
            }
        }
    }
}
