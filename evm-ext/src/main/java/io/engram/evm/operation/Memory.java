package io.engram.evm.operation;

import io.engram.evm.interpreter.Frame;
import io.engram.evm.interpreter.Halt;
import io.engram.evm.word.Words;
import java.util.Arrays;

/**
 * Memory, and copies to it. Methods take the gas left and return what is left afterwards, or the negative of a
 * {@link Halt} code.
 */
public final class Memory {

    private static final int COPY_WORD = 3;

    private Memory() {}

    public static long load(Frame f, long[] s, int sp, long gas) {
        long offset = Words.clamp(s, sp - 4);
        long left = f.expand(offset, 32, gas);
        if (left >= 0) {
            Words.read(f.memory, (int) offset, s, sp - 4);
        }
        return left;
    }

    public static long store(Frame f, long[] s, int sp, long gas) {
        long offset = Words.clamp(s, sp - 4);
        long left = f.expand(offset, 32, gas);
        if (left >= 0) {
            Words.write(s, sp - 8, f.memory, (int) offset);
        }
        return left;
    }

    public static long store8(Frame f, long[] s, int sp, long gas) {
        long offset = Words.clamp(s, sp - 4);
        long left = f.expand(offset, 1, gas);
        if (left >= 0) {
            f.memory[(int) offset] = (byte) s[sp - 8];
        }
        return left;
    }

    /** MCOPY (EIP-5656). */
    public static long copy(Frame f, long[] s, int sp, long gas) {
        long target = Words.clamp(s, sp - 4);
        long source = Words.clamp(s, sp - 8);
        long length = Words.clamp(s, sp - 12);
        long left = f.expand(Math.max(target, source), length, gas);
        left = chargeCopy(left, length);
        if (left >= 0 && length > 0) {
            System.arraycopy(f.memory, (int) source, f.memory, (int) target, (int) length);
        }
        return left;
    }

    public static long callDataCopy(Frame f, long[] s, int sp, long gas) {
        return copyPadded(f, s, sp, gas, f.input, f.inputOffset, f.inputSize);
    }

    public static long codeCopy(Frame f, long[] s, int sp, long gas) {
        byte[] code = f.code.bytes();
        return copyPadded(f, s, sp, gas, code, 0, code.length);
    }

    /** RETURNDATACOPY (EIP-211): reading past the end is an exceptional halt. */
    public static long returnDataCopy(Frame f, long[] s, int sp, long gas) {
        long target = Words.clamp(s, sp - 4);
        long source = Words.clamp(s, sp - 8);
        long length = Words.clamp(s, sp - 12);
        if (source > f.returnSize || length > f.returnSize - source) {
            return -Halt.RETURN_DATA_OUT_OF_BOUNDS;
        }
        long left = chargeCopy(f.expand(target, length, gas), length);
        if (left >= 0 && length > 0) {
            System.arraycopy(f.returnData, (int) source, f.memory, (int) target, (int) length);
        }
        return left;
    }

    /** Copies from a source that ends in an endless run of zeros; operands: target, source, length. */
    static long copyPadded(Frame f, long[] s, int sp, long gas, byte[] from, int start, int size) {
        long target = Words.clamp(s, sp - 4);
        long source = Words.clamp(s, sp - 8);
        long length = Words.clamp(s, sp - 12);
        long left = chargeCopy(f.expand(target, length, gas), length);
        if (left < 0 || length == 0) {
            return left;
        }
        int have = (int) Math.max(0, Math.min(length, size - source));
        if (have > 0) {
            System.arraycopy(from, start + (int) source, f.memory, (int) target, have);
        }
        Arrays.fill(f.memory, (int) target + have, (int) (target + length), (byte) 0);
        return left;
    }

    private static long chargeCopy(long gas, long length) {
        if (gas < 0) {
            return gas;
        }
        long left = gas - COPY_WORD * words(length);
        return left < 0 ? -Halt.OUT_OF_GAS : left;
    }

    /** Words of 32 bytes that {@code length} bytes take; {@code length} fits memory. */
    static long words(long length) {
        return (length + 31) >>> 5;
    }
}
