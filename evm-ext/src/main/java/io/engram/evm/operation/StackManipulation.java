package io.engram.evm.operation;

import io.engram.evm.word.Words;

/** PUSH, DUP and SWAP. */
public final class StackManipulation {

    private StackManipulation() {}

    /** Pushes the {@code length} bytes of code at {@code pc}; code ends in an endless run of zeros. */
    public static void push(byte[] code, int pc, int length, long[] s, int sp) {
        if (pc + length <= code.length) {
            if (length <= 8) {
                long value = 0;
                for (int i = 0; i < length; i++) {
                    value = (value << 8) | (code[pc + i] & 0xff);
                }
                Words.set(s, sp, value);
            } else {
                Words.read(code, pc, length, s, sp);
            }
        } else {
            pushTruncated(code, pc, length, s, sp);
        }
    }

    private static void pushTruncated(byte[] code, int pc, int length, long[] s, int sp) {
        Words.set(s, sp, 0);
        int have = code.length - pc;
        if (have > 0) {
            Words.read(code, pc, have, s, sp);
            Words.shiftLeft(s, sp, 8 * (length - have), sp);
        }
    }

    public static void pushLong(long[] s, int sp, long value) {
        s[sp] = value;
        s[sp + 1] = 0;
        s[sp + 2] = 0;
        s[sp + 3] = 0;
    }

    public static void dup(long[] s, int sp, int n) {
        int from = sp - 4 * n;
        s[sp] = s[from];
        s[sp + 1] = s[from + 1];
        s[sp + 2] = s[from + 2];
        s[sp + 3] = s[from + 3];
    }

    public static void swap(long[] s, int sp, int n) {
        int a = sp - 4;
        int b = a - 4 * n;
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
}
