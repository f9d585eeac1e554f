package io.engram.evm.operation;

import io.engram.evm.interpreter.Frame;
import io.engram.evm.interpreter.Halt;
import io.engram.evm.word.Division;
import io.engram.evm.word.Exponentiation;
import io.engram.evm.word.ModularArithmetic;
import io.engram.evm.word.Words;

/**
 * Opcodes 0x01 to 0x0b. Operands are taken from below {@code sp}, the result replaces the deepest of them; the caller
 * moves the stack pointer.
 */
public final class Arithmetic {

    private Arithmetic() {}

    public static void add(long[] s, int sp) {
        Words.add(s, sp - 4, sp - 8, sp - 8);
    }

    public static void mul(long[] s, int sp) {
        Words.mul(s, sp - 4, sp - 8, sp - 8);
    }

    public static void sub(long[] s, int sp) {
        Words.sub(s, sp - 4, sp - 8, sp - 8);
    }

    public static void div(long[] s, int sp) {
        Division.div(s, sp - 4, sp - 8, sp - 8, Frame.SCRATCH);
    }

    public static void sdiv(long[] s, int sp) {
        Division.sdiv(s, sp - 4, sp - 8, sp - 8, Frame.SCRATCH);
    }

    public static void mod(long[] s, int sp) {
        Division.mod(s, sp - 4, sp - 8, sp - 8, Frame.SCRATCH);
    }

    public static void smod(long[] s, int sp) {
        Division.smod(s, sp - 4, sp - 8, sp - 8, Frame.SCRATCH);
    }

    public static void addmod(long[] s, int sp) {
        ModularArithmetic.addmod(s, sp - 4, sp - 8, sp - 12, sp - 12, Frame.SCRATCH);
    }

    public static void mulmod(long[] s, int sp) {
        ModularArithmetic.mulmod(s, sp - 4, sp - 8, sp - 12, sp - 12, Frame.SCRATCH);
    }

    public static long exp(Frame f, long[] s, int sp, long gas) {
        int bytes = (256 - Words.leadingZeros(s, sp - 8) + 7) >>> 3;
        long left = gas - (long) f.table.expByte() * bytes;
        if (left < 0) {
            return -Halt.OUT_OF_GAS;
        }
        Exponentiation.exp(s, sp - 4, sp - 8, sp - 8, Frame.SCRATCH);
        return left;
    }

    public static void signExtend(long[] s, int sp) {
        int x = sp - 8;
        if ((s[sp - 3] | s[sp - 2] | s[sp - 1]) == 0 && Long.compareUnsigned(s[sp - 4], 31) < 0) {
            int shift = 248 - 8 * (int) s[sp - 4];
            Words.shiftLeft(s, x, shift, x);
            Words.shiftRight(s, x, shift, s[x + 3] >> 63, x);
        }
    }
}
