package io.engram.evm.operation;

import io.engram.evm.interpreter.Frame;
import io.engram.evm.interpreter.Halt;
import io.engram.evm.word.Words;
import io.engram.genesis.Hash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** Jumps, logs and the ends of a frame. */
public final class Control {

    private Control() {}

    /** @return the destination, or −1 when it is none */
    public static int jump(Frame f, long[] s, int sp) {
        long target = Words.clamp(s, sp - 4);
        if (target >= f.code.size()) {
            return -1;
        }
        return (f.code.destinations()[(int) (target >>> 6)] >>> target & 1) != 0 ? (int) target : -1;
    }

    /** @return {@code next} when the condition is zero, else as {@link #jump} */
    public static int jumpIf(Frame f, long[] s, int sp, int next) {
        return Words.isZero(s, sp - 8) ? next : jump(f, s, sp);
    }

    /** RETURN and REVERT: notes the range of memory that is the output. */
    public static long output(Frame f, long[] s, int sp, long gas) {
        long offset = Words.clamp(s, sp - 4);
        long length = Words.clamp(s, sp - 8);
        long left = f.expand(offset, length, gas);
        if (left >= 0) {
            f.outputOffset = length == 0 ? 0 : (int) offset;
            f.outputSize = (int) length;
        }
        return left;
    }

    public static long log(Frame f, long[] s, int sp, int topics, long gas) {
        if (f.isStatic) {
            return -Halt.STATIC_VIOLATION;
        }
        long offset = Words.clamp(s, sp - 4);
        long length = Words.clamp(s, sp - 8);
        long left = f.expand(offset, length, gas);
        if (left < 0) {
            return left;
        }
        left -= f.table.logByte() * length;
        if (left < 0) {
            return -Halt.OUT_OF_GAS;
        }
        List<Hash> list = new ArrayList<>(topics);
        for (int i = 0; i < topics; i++) {
            int at = sp - 12 - 4 * i;
            list.add(new Hash(s[at + 3], s[at + 2], s[at + 1], s[at]));
        }
        int start = length == 0 ? 0 : (int) offset;
        Bytes data = Bytes.wrap(Arrays.copyOfRange(f.memory, start, start + (int) length));
        f.emit(list, data);
        return left;
    }
}
