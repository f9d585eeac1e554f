package io.engram.evm.operation;

import io.engram.evm.interpreter.Frame;
import io.engram.evm.interpreter.Halt;
import io.engram.evm.word.Words;

/** KECCAK256. */
public final class Hashing {

    private Hashing() {}

    public static long keccak256(Frame f, long[] s, int sp, long gas) {
        long offset = Words.clamp(s, sp - 4);
        long length = Words.clamp(s, sp - 8);
        long left = f.expand(offset, length, gas);
        if (left < 0) {
            return left;
        }
        left -= Memory.words(length) * 6;
        if (left < 0) {
            return -Halt.OUT_OF_GAS;
        }
        f.hashes().hash(f.memory, length == 0 ? 0 : (int) offset, (int) length, s, sp - 8);
        return left;
    }
}
