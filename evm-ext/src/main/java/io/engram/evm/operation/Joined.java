package io.engram.evm.operation;

import io.engram.evm.interpreter.Frame;
import io.engram.evm.word.Words;

/**
 * Bodies of the fast interpreter's instructions that stand for several opcodes or take their operand from the
 * instruction; conventions as in {@link Arithmetic}. Distances are in longs, from the stack pointer.
 */
public final class Joined {

    private Joined() {}

    public static void push(long[] s, int sp, long value) {
        s[sp] = value;
        s[sp + 1] = 0;
        s[sp + 2] = 0;
        s[sp + 3] = 0;
    }

    public static void pushConstant(long[] s, int sp, long[] constants, int at) {
        s[sp] = constants[at];
        s[sp + 1] = constants[at + 1];
        s[sp + 2] = constants[at + 2];
        s[sp + 3] = constants[at + 3];
    }

    public static void dup(long[] s, int sp, int distance) {
        int from = sp - distance;
        s[sp] = s[from];
        s[sp + 1] = s[from + 1];
        s[sp + 2] = s[from + 2];
        s[sp + 3] = s[from + 3];
    }

    public static void swap(long[] s, int sp, int distance) {
        int a = sp - 4;
        int b = a - distance;
        long t0 = s[a];
        long t1 = s[a + 1];
        long t2 = s[a + 2];
        long t3 = s[a + 3];
        s[a] = s[b];
        s[a + 1] = s[b + 1];
        s[a + 2] = s[b + 2];
        s[a + 3] = s[b + 3];
        s[b] = t0;
        s[b + 1] = t1;
        s[b + 2] = t2;
        s[b + 3] = t3;
    }

    public static void dupDup(long[] s, int sp, int first, int second) {
        dup(s, sp, first);
        dup(s, sp + 4, second);
    }

    public static void dupPush(long[] s, int sp, int distance, long value) {
        dup(s, sp, distance);
        push(s, sp + 4, value);
    }

    public static void pushDup(long[] s, int sp, long value, int distance) {
        push(s, sp, value);
        dup(s, sp + 4, distance);
    }

    public static void pushPush(long[] s, int sp, long first, long second) {
        push(s, sp, first);
        push(s, sp + 4, second);
    }

    /** SWAPn and POP: the top goes to where it would have been swapped to. */
    public static void swapPop(long[] s, int sp, int distance) {
        int from = sp - 4;
        int to = from - distance;
        s[to] = s[from];
        s[to + 1] = s[from + 1];
        s[to + 2] = s[from + 2];
        s[to + 3] = s[from + 3];
    }

    public static void pushAdd(long[] s, int sp, long value) {
        long r = s[sp - 4] + value;
        s[sp - 4] = r;
        if (Long.compareUnsigned(r, value) < 0 && ++s[sp - 3] == 0 && ++s[sp - 2] == 0) {
            s[sp - 1]++;
        }
    }

    public static void pushSub(long[] s, int sp, long value) {
        long x = s[sp - 4];
        s[sp - 4] = x - value;
        if (Long.compareUnsigned(x, value) < 0 && s[sp - 3]-- == 0 && s[sp - 2]-- == 0) {
            s[sp - 1]--;
        }
    }

    public static void reverseSub(long[] s, int sp) {
        Words.sub(s, sp - 8, sp - 4, sp - 8);
    }

    public static void dupAdd(long[] s, int sp, int distance) {
        // DUP counts from a stack without its copy: the word added lies at sp - distance.
        Words.add(s, sp - distance, sp - 4, sp - 4);
    }

    public static void dupSub(long[] s, int sp, int distance) {
        Words.sub(s, sp - distance, sp - 4, sp - 4);
    }

    public static void dupAnd(long[] s, int sp, int distance) {
        int from = sp - distance;
        s[sp - 4] &= s[from];
        s[sp - 3] &= s[from + 1];
        s[sp - 2] &= s[from + 2];
        s[sp - 1] &= s[from + 3];
    }

    public static void dupOr(long[] s, int sp, int distance) {
        int from = sp - distance;
        s[sp - 4] |= s[from];
        s[sp - 3] |= s[from + 1];
        s[sp - 2] |= s[from + 2];
        s[sp - 1] |= s[from + 3];
    }

    public static void dupXor(long[] s, int sp, int distance) {
        // With DUP1 each limb is read twice before it is written.
        int from = sp - distance;
        s[sp - 4] ^= s[from];
        s[sp - 3] ^= s[from + 1];
        s[sp - 2] ^= s[from + 2];
        s[sp - 1] ^= s[from + 3];
    }

    public static void dupEqual(long[] s, int sp, int distance) {
        push(s, sp - 4, Words.equal(s, sp - distance, sp - 4) ? 1 : 0);
    }

    public static void dupIsZero(long[] s, int sp, int distance) {
        push(s, sp, Words.isZero(s, sp - distance) ? 1 : 0);
    }

    public static void swapSwap(long[] s, int sp, int first, int second) {
        swap(s, sp, first);
        swap(s, sp, second);
    }

    public static void swapSwapPop(long[] s, int sp, int first, int second) {
        swap(s, sp, first);
        swapPop(s, sp, second);
    }

    public static void pushSwap(long[] s, int sp, long value, int distance) {
        int from = sp - distance;
        s[sp] = s[from];
        s[sp + 1] = s[from + 1];
        s[sp + 2] = s[from + 2];
        s[sp + 3] = s[from + 3];
        push(s, from, value);
    }

    public static void pushMul(long[] s, int sp, long value) {
        int a = sp - 4;
        long x0 = s[a];
        long x1 = s[a + 1];
        long x2 = s[a + 2];
        s[a] = x0 * value;
        long carry = Math.unsignedMultiplyHigh(x0, value);
        long lo = x1 * value + carry;
        carry = Math.unsignedMultiplyHigh(x1, value) + (Long.compareUnsigned(lo, carry) < 0 ? 1 : 0);
        s[a + 1] = lo;
        lo = x2 * value + carry;
        carry = Math.unsignedMultiplyHigh(x2, value) + (Long.compareUnsigned(lo, carry) < 0 ? 1 : 0);
        s[a + 2] = lo;
        s[a + 3] = s[a + 3] * value + carry;
    }

    public static void pushAnd(long[] s, int sp, long value) {
        s[sp - 4] &= value;
        s[sp - 3] = 0;
        s[sp - 2] = 0;
        s[sp - 1] = 0;
    }

    public static void constantAnd(long[] s, int sp, long[] constants, int at) {
        s[sp - 4] &= constants[at];
        s[sp - 3] &= constants[at + 1];
        s[sp - 2] &= constants[at + 2];
        s[sp - 1] &= constants[at + 3];
    }

    public static void pushEqual(long[] s, int sp, long value) {
        boolean equal = ((s[sp - 4] ^ value) | s[sp - 3] | s[sp - 2] | s[sp - 1]) == 0;
        push(s, sp - 4, equal ? 1 : 0);
    }

    public static void pushShiftLeft(long[] s, int sp, long shift) {
        if (shift < 256) {
            Words.shiftLeft(s, sp - 4, (int) shift, sp - 4);
        } else {
            push(s, sp - 4, 0);
        }
    }

    public static void pushShiftRight(long[] s, int sp, long shift) {
        if (shift < 256) {
            Words.shiftRight(s, sp - 4, (int) shift, 0, sp - 4);
        } else {
            push(s, sp - 4, 0);
        }
    }

    public static void pushShiftRightSigned(long[] s, int sp, long shift) {
        long fill = s[sp - 1] >> 63;
        if (shift < 256) {
            Words.shiftRight(s, sp - 4, (int) shift, fill, sp - 4);
        } else {
            Words.set(s, sp - 4, fill, fill, fill, fill);
        }
    }

    /** PUSH and MLOAD; gas as in {@link Memory}. */
    public static long pushLoad(Frame f, long[] s, int sp, long gas, long offset) {
        long left = f.expand(offset, 32, gas);
        if (left >= 0) {
            Words.read(f.memory, (int) offset, s, sp);
        }
        return left;
    }

    /** PUSH and MSTORE. */
    public static long pushStore(Frame f, long[] s, int sp, long gas, long offset) {
        long left = f.expand(offset, 32, gas);
        if (left >= 0) {
            Words.write(s, sp - 4, f.memory, (int) offset);
        }
        return left;
    }

    /** DUP and MLOAD. */
    public static long dupLoad(Frame f, long[] s, int sp, long gas, int distance) {
        long offset = Words.clamp(s, sp - distance);
        long left = f.expand(offset, 32, gas);
        if (left >= 0) {
            Words.read(f.memory, (int) offset, s, sp);
        }
        return left;
    }

    public static boolean isZero(long[] s, int at) {
        return Words.isZero(s, at);
    }

    public static boolean less(long[] s, int a, int b) {
        return Words.lessThan(s, a, b);
    }

    public static boolean lessSigned(long[] s, int a, int b) {
        return Words.lessThanSigned(s, a, b);
    }

    public static boolean equal(long[] s, int a, int b) {
        return Words.equal(s, a, b);
    }

    /** @return the entry of the jump destination in the word at {@code at}, 0 or less when it is none */
    public static int entry(int[] entries, long[] s, int at) {
        long target = Words.clamp(s, at);
        return target < entries.length ? entries[(int) target] : 0;
    }

    /** CLZ, BLOCKHASH, BLOBHASH, TLOAD. */
    public static void replace(Frame f, long[] s, int sp, int op) {
        switch (op) {
            case Opcode.CLZ -> Comparison.leadingZeros(s, sp);
            case Opcode.BLOCKHASH -> Environment.blockHash(f, s, sp);
            case Opcode.BLOBHASH -> Environment.blobHash(f, s, sp);
            case Opcode.TLOAD -> Storage.transientLoad(f, s, sp);
            default -> throw new IllegalStateException("opcode " + op);
        }
    }

    /** Opcodes that push one word and take none. */
    public static void environment(Frame f, long[] s, int sp, int op) {
        switch (op) {
            case Opcode.ADDRESS -> Environment.address(f, s, sp);
            case Opcode.ORIGIN -> Environment.origin(f, s, sp);
            case Opcode.CODESIZE -> Environment.codeSize(f, s, sp);
            case Opcode.GASPRICE -> Environment.gasPrice(f, s, sp);
            case Opcode.RETURNDATASIZE -> Environment.returnDataSize(f, s, sp);
            case Opcode.COINBASE -> Environment.coinbase(f, s, sp);
            case Opcode.TIMESTAMP -> Environment.timestamp(f, s, sp);
            case Opcode.NUMBER -> Environment.number(f, s, sp);
            case Opcode.DIFFICULTY -> Environment.difficultyOrRandao(f, s, sp);
            case Opcode.GASLIMIT -> Environment.gasLimit(f, s, sp);
            case Opcode.CHAINID -> Environment.chainId(f, s, sp);
            case Opcode.SELFBALANCE -> Environment.selfBalance(f, s, sp);
            case Opcode.BASEFEE -> Environment.baseFee(f, s, sp);
            case Opcode.BLOBBASEFEE -> Environment.blobBaseFee(f, s, sp);
            case Opcode.MSIZE -> Environment.memorySize(f, s, sp);
            default -> throw new IllegalStateException("opcode " + op);
        }
    }

    /** BALANCE, EXTCODESIZE, EXTCODEHASH. */
    public static long account(Frame f, long[] s, int sp, long gas, int op) {
        return switch (op) {
            case Opcode.BALANCE -> Environment.balance(f, s, sp, gas);
            case Opcode.EXTCODESIZE -> Environment.extCodeSize(f, s, sp, gas);
            case Opcode.EXTCODEHASH -> Environment.extCodeHash(f, s, sp, gas);
            default -> throw new IllegalStateException("opcode " + op);
        };
    }

    /** Copies to memory. */
    public static long copy(Frame f, long[] s, int sp, long gas, int op) {
        return switch (op) {
            case Opcode.CALLDATACOPY -> Memory.callDataCopy(f, s, sp, gas);
            case Opcode.CODECOPY -> Memory.codeCopy(f, s, sp, gas);
            case Opcode.RETURNDATACOPY -> Memory.returnDataCopy(f, s, sp, gas);
            case Opcode.MCOPY -> Memory.copy(f, s, sp, gas);
            case Opcode.EXTCODECOPY -> Environment.extCodeCopy(f, s, sp, gas);
            default -> throw new IllegalStateException("opcode " + op);
        };
    }

    /** Message calls and creations. */
    public static long call(Frame f, long[] s, int sp, long gas, int op) {
        return switch (op) {
            case Opcode.CALL -> Calls.call(f, s, sp, gas);
            case Opcode.STATICCALL -> Calls.staticCall(f, s, sp, gas);
            case Opcode.DELEGATECALL -> Calls.delegateCall(f, s, sp, gas);
            case Opcode.CALLCODE -> Calls.callCode(f, s, sp, gas);
            case Opcode.CREATE -> Calls.create(f, s, sp, gas);
            case Opcode.CREATE2 -> Calls.create2(f, s, sp, gas);
            default -> throw new IllegalStateException("opcode " + op);
        };
    }
}
