package io.engram.evm.state;

import io.engram.evm.word.Words;
import org.apache.tuweni.bytes.Bytes32;
import org.apache.tuweni.units.bigints.UInt256;

/** Conversion between four limbs, least significant first, and the types used at module boundaries. */
public final class Limbs {

    private Limbs() {}

    public static void of(UInt256 value, long[] target, int offset) {
        Words.read(value.toArrayUnsafe(), 0, target, offset);
    }

    public static UInt256 toUInt256(long[] source, int offset) {
        byte[] bytes = new byte[32];
        Words.write(source, offset, bytes, 0);
        return UInt256.fromBytes(Bytes32.wrap(bytes));
    }
}
