package io.engram.genesis;

import io.engram.genesis.crypto.Keccak256;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.tuweni.bytes.Bytes;

/**
 * A 20-byte account address, held as three big-endian integers so that equality, hashing and conversion to an EVM word
 * touch no array.
 *
 * @param hi bytes 0 to 3
 * @param mid bytes 4 to 11
 * @param lo bytes 12 to 19
 */
public record Address(int hi, long mid, long lo) implements Comparable<Address> {

    public static final int SIZE = 20;
    public static final Address ZERO = new Address(0, 0, 0);

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    /** @throws IllegalArgumentException unless exactly 20 bytes are given */
    public static Address of(Bytes bytes) {
        return of(bytes.toArrayUnsafe());
    }

    /** @throws IllegalArgumentException unless exactly 20 bytes are given */
    public static Address of(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("an address has 20 bytes, not " + bytes.length);
        }
        return read(bytes, 0);
    }

    /** Reads the 20 bytes at {@code offset}. */
    public static Address read(byte[] source, int offset) {
        return new Address((int) INT.get(source, offset), (long) LONG.get(source, offset + 4), (long)
                LONG.get(source, offset + 12));
    }

    /** @throws IllegalArgumentException unless the text is 40 hexadecimal digits, with or without 0x */
    public static Address fromHex(String hex) {
        return of(Bytes.fromHexString(hex));
    }

    /** The low 20 bytes of an EVM word given as four limbs, most significant first; the rest is ignored. */
    public static Address ofWord(long w1, long w2, long w3) {
        return new Address((int) w1, w2, w3);
    }

    /** The address of the account that holds an uncompressed public key (64 bytes, without the 0x04 prefix). */
    public static Address ofPublicKey(byte[] publicKey) {
        return read(Keccak256.hash(publicKey).toArray(), 12);
    }

    /** Writes the 20 bytes at {@code offset}. */
    public void write(byte[] target, int offset) {
        INT.set(target, offset, hi);
        LONG.set(target, offset + 4, mid);
        LONG.set(target, offset + 12, lo);
    }

    public byte[] toArray() {
        byte[] bytes = new byte[SIZE];
        write(bytes, 0);
        return bytes;
    }

    public Bytes toBytes() {
        return Bytes.wrap(toArray());
    }

    /** 0x and 40 lower-case digits. */
    public String toHex() {
        return toBytes().toHexString();
    }

    /** The mixed-case form of EIP-55. */
    public String toChecksumHex() {
        String digits = toHex().substring(2);
        byte[] hash = Keccak256.hash(digits.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .toArray();
        StringBuilder text = new StringBuilder("0x");
        for (int i = 0; i < digits.length(); i++) {
            int nibble = (hash[i >> 1] >> ((i & 1) == 0 ? 4 : 0)) & 0xf;
            char digit = digits.charAt(i);
            text.append(nibble >= 8 ? Character.toUpperCase(digit) : digit);
        }
        return text.toString();
    }

    @Override
    public int hashCode() {
        long mixed = (mid * 0x9e3779b97f4a7c15L) ^ lo ^ ((long) hi << 16);
        return (int) (mixed ^ (mixed >>> 32));
    }

    /** Unsigned order of the bytes. */
    @Override
    public int compareTo(Address other) {
        int order = Integer.compareUnsigned(hi, other.hi);
        if (order == 0) {
            order = Long.compareUnsigned(mid, other.mid);
        }
        return order == 0 ? Long.compareUnsigned(lo, other.lo) : order;
    }

    @Override
    public String toString() {
        return toHex();
    }
}
