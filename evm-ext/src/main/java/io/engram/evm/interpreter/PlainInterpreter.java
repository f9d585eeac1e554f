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
                case Opcode.STOP:
                    f.save(pc, sp, gas);
                    return Halt.STOP;
                case Opcode.ADD:
                    Arithmetic.add(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.MUL:
                    Arithmetic.mul(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.SUB:
                    Arithmetic.sub(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.DIV:
                    Arithmetic.div(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.SDIV:
                    Arithmetic.sdiv(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.MOD:
                    Arithmetic.mod(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.SMOD:
                    Arithmetic.smod(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.SIGNEXTEND:
                    Arithmetic.signExtend(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.ADDMOD:
                    Arithmetic.addmod(s, sp);
                    sp -= 8;
                    continue;
                case Opcode.MULMOD:
                    Arithmetic.mulmod(s, sp);
                    sp -= 8;
                    continue;
                case Opcode.EXP:
                    gas = Arithmetic.exp(f, s, sp, gas);
                    sp -= 4;
                    break;
                case Opcode.LT:
                    Comparison.lessThan(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.GT:
                    Comparison.greaterThan(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.SLT:
                    Comparison.signedLessThan(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.SGT:
                    Comparison.signedGreaterThan(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.EQ:
                    Comparison.equal(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.AND:
                    Comparison.and(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.OR:
                    Comparison.or(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.XOR:
                    Comparison.xor(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.BYTE:
                    Comparison.byteAt(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.SHL:
                    Comparison.shiftLeft(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.SHR:
                    Comparison.shiftRight(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.SAR:
                    Comparison.shiftRightSigned(s, sp);
                    sp -= 4;
                    continue;
                case Opcode.ISZERO:
                    Comparison.isZero(s, sp);
                    continue;
                case Opcode.NOT:
                    Comparison.not(s, sp);
                    continue;
                case Opcode.CLZ:
                    Comparison.leadingZeros(s, sp);
                    continue;
                case Opcode.KECCAK256:
                    gas = Hashing.keccak256(f, s, sp, gas);
                    sp -= 4;
                    break;
                case Opcode.ADDRESS:
                    Environment.address(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.ORIGIN:
                    Environment.origin(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.CALLER:
                    Environment.caller(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.CALLVALUE:
                    Environment.callValue(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.CALLDATASIZE:
                    Environment.callDataSize(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.CODESIZE:
                    Environment.codeSize(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.GASPRICE:
                    Environment.gasPrice(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.RETURNDATASIZE:
                    Environment.returnDataSize(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.COINBASE:
                    Environment.coinbase(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.TIMESTAMP:
                    Environment.timestamp(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.NUMBER:
                    Environment.number(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.DIFFICULTY:
                    Environment.difficultyOrRandao(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.GASLIMIT:
                    Environment.gasLimit(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.CHAINID:
                    Environment.chainId(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.SELFBALANCE:
                    Environment.selfBalance(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.BASEFEE:
                    Environment.baseFee(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.BLOBBASEFEE:
                    Environment.blobBaseFee(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.MSIZE:
                    Environment.memorySize(f, s, sp);
                    sp += 4;
                    continue;
                case Opcode.CALLDATALOAD:
                    Environment.callDataLoad(f, s, sp);
                    continue;
                case Opcode.BLOCKHASH:
                    Environment.blockHash(f, s, sp);
                    continue;
                case Opcode.BLOBHASH:
                    Environment.blobHash(f, s, sp);
                    continue;
                case Opcode.BALANCE:
                    gas = Environment.balance(f, s, sp, gas);
                    break;
                case Opcode.EXTCODESIZE:
                    gas = Environment.extCodeSize(f, s, sp, gas);
                    break;
                case Opcode.EXTCODEHASH:
                    gas = Environment.extCodeHash(f, s, sp, gas);
                    break;
                case Opcode.EXTCODECOPY:
                    gas = Environment.extCodeCopy(f, s, sp, gas);
                    sp -= 16;
                    break;
                case Opcode.CALLDATACOPY:
                    gas = Memory.callDataCopy(f, s, sp, gas);
                    sp -= 12;
                    break;
                case Opcode.CODECOPY:
                    gas = Memory.codeCopy(f, s, sp, gas);
                    sp -= 12;
                    break;
                case Opcode.RETURNDATACOPY:
                    gas = Memory.returnDataCopy(f, s, sp, gas);
                    sp -= 12;
                    break;
                case Opcode.MCOPY:
                    gas = Memory.copy(f, s, sp, gas);
                    sp -= 12;
                    break;
                case Opcode.MLOAD:
                    gas = Memory.load(f, s, sp, gas);
                    break;
                case Opcode.MSTORE:
                    gas = Memory.store(f, s, sp, gas);
                    sp -= 8;
                    break;
                case Opcode.MSTORE8:
                    gas = Memory.store8(f, s, sp, gas);
                    sp -= 8;
                    break;
                case Opcode.SLOAD:
                    gas = Storage.load(f, s, sp, gas);
                    break;
                case Opcode.SSTORE:
                    gas = Storage.store(f, s, sp, gas);
                    sp -= 8;
                    break;
                case Opcode.TSTORE:
                    gas = Storage.transientStore(f, s, sp, gas);
                    sp -= 8;
                    break;
                case Opcode.TLOAD:
                    Storage.transientLoad(f, s, sp);
                    continue;
                case Opcode.POP:
                    sp -= 4;
                    continue;
                case Opcode.JUMP:
                    pc = Control.jump(f, s, sp);
                    sp -= 4;
                    if (pc >= 0) {
                        continue;
                    }
                    gas = -Halt.INVALID_JUMP;
                    break;
                case Opcode.JUMPI:
                    pc = Control.jumpIf(f, s, sp, pc);
                    sp -= 8;
                    if (pc >= 0) {
                        continue;
                    }
                    gas = -Halt.INVALID_JUMP;
                    break;
                case Opcode.PC:
                    StackManipulation.pushLong(s, sp, pc - 1);
                    sp += 4;
                    continue;
                case Opcode.GAS:
                    StackManipulation.pushLong(s, sp, gas);
                    sp += 4;
                    continue;
                case Opcode.JUMPDEST:
                    continue;
                case Opcode.PUSH0:
                    StackManipulation.pushLong(s, sp, 0);
                    sp += 4;
                    continue;
                case Opcode.PUSH1:
                    StackManipulation.pushLong(s, sp, pc < code.length ? code[pc] & 0xff : 0);
                    sp += 4;
                    pc++;
                    continue;
                case 0x61:
                case 0x62:
                case 0x63:
                case 0x64:
                case 0x65:
                case 0x66:
                case 0x67:
                case 0x68:
                case 0x69:
                case 0x6a:
                case 0x6b:
                case 0x6c:
                case 0x6d:
                case 0x6e:
                case 0x6f:
                case 0x70:
                case 0x71:
                case 0x72:
                case 0x73:
                case 0x74:
                case 0x75:
                case 0x76:
                case 0x77:
                case 0x78:
                case 0x79:
                case 0x7a:
                case 0x7b:
                case 0x7c:
                case 0x7d:
                case 0x7e:
                case 0x7f:
                    StackManipulation.push(code, pc, op - 0x5f, s, sp);
                    sp += 4;
                    pc += op - 0x5f;
                    continue;
                case 0x80:
                case 0x81:
                case 0x82:
                case 0x83:
                case 0x84:
                case 0x85:
                case 0x86:
                case 0x87:
                case 0x88:
                case 0x89:
                case 0x8a:
                case 0x8b:
                case 0x8c:
                case 0x8d:
                case 0x8e:
                case 0x8f:
                    StackManipulation.dup(s, sp, op - 0x7f);
                    sp += 4;
                    continue;
                case 0x90:
                case 0x91:
                case 0x92:
                case 0x93:
                case 0x94:
                case 0x95:
                case 0x96:
                case 0x97:
                case 0x98:
                case 0x99:
                case 0x9a:
                case 0x9b:
                case 0x9c:
                case 0x9d:
                case 0x9e:
                case 0x9f:
                    StackManipulation.swap(s, sp, op - 0x8f);
                    continue;
                case 0xa0:
                case 0xa1:
                case 0xa2:
                case 0xa3:
                case 0xa4:
                    gas = Control.log(f, s, sp, op - 0xa0, gas);
                    sp -= 4 * (op - 0xa0 + 2);
                    break;
                case Opcode.CREATE:
                    gas = Calls.create(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp - 12, gas);
                        return Halt.CALL;
                    }
                    break;
                case Opcode.CREATE2:
                    gas = Calls.create2(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp - 16, gas);
                        return Halt.CALL;
                    }
                    break;
                case Opcode.CALL:
                    gas = Calls.call(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp - 28, gas);
                        return Halt.CALL;
                    }
                    break;
                case Opcode.CALLCODE:
                    gas = Calls.callCode(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp - 28, gas);
                        return Halt.CALL;
                    }
                    break;
                case Opcode.DELEGATECALL:
                    gas = Calls.delegateCall(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp - 24, gas);
                        return Halt.CALL;
                    }
                    break;
                case Opcode.STATICCALL:
                    gas = Calls.staticCall(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp - 24, gas);
                        return Halt.CALL;
                    }
                    break;
                case Opcode.RETURN:
                    gas = Control.output(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp, gas);
                        return Halt.RETURN;
                    }
                    break;
                case Opcode.REVERT:
                    gas = Control.output(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp, gas);
                        return Halt.REVERT;
                    }
                    break;
                case Opcode.SELFDESTRUCT:
                    gas = Calls.selfDestruct(f, s, sp, gas);
                    if (gas >= 0) {
                        f.save(pc, sp, gas);
                        return Halt.SELF_DESTRUCT;
                    }
                    break;
                default:
                    f.save(pc, sp, gas);
                    gas = f.extension(op, gas);
                    sp = f.sp;
                    break;
            }
            if (gas < 0) {
                f.save(pc, sp, 0);
                return (int) -gas;
            }
        }
    }
}
