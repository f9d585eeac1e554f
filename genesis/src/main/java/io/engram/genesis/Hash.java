package io.engram.genesis;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A 32-byte digest or identifier, held as four big-endian longs, the first the most significant.
 *
 * @param w0 bytes 0 to 7
 * @param w1 bytes 8 to 15
 * @param w2 bytes 16 to 23
 * @param w3 bytes 24 to 31
 */
public record Hash(long w0, long w1, long w2, long w3) implements Comparable<Hash> {

    /** First of all static fields, as the constants below are read with it. */
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    public static final int SIZE = 32;
    public static final Hash ZERO = new Hash(0, 0, 0, 0);

    /** Keccak-256 of no bytes: the code hash of an account without code. */
    public static final Hash EMPTY_CODE = fromHex("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");

    /** Root of the empty Merkle Patricia trie: keccak-256 of the RLP of the empty string. */
    public static final Hash EMPTY_TRIE = fromHex("0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");

    /** Hash of the RLP of the empty list: the ommers hash of a block without ommers. */
    public static final Hash EMPTY_LIST = fromHex("0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");

    /** @throws IllegalArgumentException unless exactly 32 bytes are given */
    public static Hash of(Bytes bytes) {
        return of(bytes.toArrayUnsafe());
    }

    /** @throws IllegalArgumentException unless exactly 32 bytes are given */
    public static Hash of(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
        }
        return read(bytes, 0);
    }

    /** Reads the 32 bytes at {@code offset}. */
    public static Hash read(byte[] source, int offset) {
        return new Hash(
                (long) LONG.get(source, offset),
                (long) LONG.get(source, offset + 8),
                (long) LONG.get(source, offset + 16),
                (long) LONG.get(source, offset + 24));
    }

    /** @throws IllegalArgumentException unless the text is 64 hexadecimal digits, with or without 0x */
    public static Hash fromHex(String hex) {
        return of(Bytes.fromHexString(hex));
    }

    public void write(byte[] target, int offset) {
        LONG.set(target, offset, w0);
        LONG.set(target, offset + 8, w1);
        LONG.set(target, offset + 16, w2);
        LONG.set(target, offset + 24, w3);
    }

    public byte[] toArray() {
        byte[] bytes = new byte[SIZE];
        write(bytes, 0);
        return bytes;
    }

    public Bytes32 toBytes() {
        return Bytes32.wrap(toArray());
    }

    public boolean isZero() {
        return (w0 | w1 | w2 | w3) == 0;
    }

    /** 0x and 64 lower-case digits. */
    public String toHex() {
        return toBytes().toHexString();
    }

    @Override
    public int hashCode() {
        long mixed = (w0 * 0x9e3779b97f4a7c15L) ^ (w1 * 0xc2b2ae3d27d4eb4fL) ^ (w2 * 0x165667b19e3779f9L) ^ w3;
        return (int) (mixed ^ (mixed >>> 32));
    }

    /** Unsigned order of the bytes. */
    @Override
    public int compareTo(Hash other) {
        int order = Long.compareUnsigned(w0, other.w0);
        if (order == 0) {
            order = Long.compareUnsigned(w1, other.w1);
        }
        if (order == 0) {
            order = Long.compareUnsigned(w2, other.w2);
        }
        return order == 0 ? Long.compareUnsigned(w3, other.w3) : order;
    }

    @Override
    public String toString() {
        return toHex();
    }
}
