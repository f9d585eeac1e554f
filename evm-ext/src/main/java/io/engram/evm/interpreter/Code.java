package io.engram.evm.interpreter;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.lang.ref.WeakReference;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Code with its valid jump destinations, which are found on first use. Thread-safe: two threads may do that work twice
 * with the same result.
 */
public final class Code {

    public static final Code EMPTY = new Code(new byte[0], Hash.EMPTY_CODE);

    private static final int JUMPDEST = 0x5b;
    private static final int PUSH1 = 0x60;
    private static final int PUSH32 = 0x7f;
    private static final int DELEGATION_SIZE = 23;

    private final byte[] bytes;
    private final Hash hash;
    private volatile long @Nullable [] destinations;

    /** Weak, so that the cache of decoded code alone decides what memory that takes. */
    private volatile @Nullable WeakReference<DecodedCode> decoded;

    /** Gas spent in it since it was last decoded; a lost update does no harm. */
    private long earned;

    /** @param hash keccak-256 of the bytes, or zero for init code, whose hash nobody asks for */
    public Code(byte[] bytes, Hash hash) {
        this.bytes = bytes;
        this.hash = hash;
    }

    /** The code itself, not a copy; read only. */
    public byte[] bytes() {
        return bytes;
    }

    public Hash hash() {
        return hash;
    }

    /** Whether it is init code, which has no hash to be found by. */
    public boolean isInitCode() {
        return hash.equals(Hash.ZERO);
    }

    public int size() {
        return bytes.length;
    }

    /** Bit {@code pc & 63} of long {@code pc >> 6} tells whether {@code pc} is a JUMPDEST outside push data. */
    public long[] destinations() {
        long[] known = destinations;
        if (known == null) {
            known = analyse(bytes);
            destinations = known;
        }
        return known;
    }

    /** The form last remembered, under whatever opcode table. */
    @Nullable
    DecodedCode decoded() {
        WeakReference<DecodedCode> reference = decoded;
        return reference == null ? null : reference.get();
    }

    void remember(DecodedCode form) {
        decoded = new WeakReference<>(form);
        earned = 0;
    }

    /** Notes gas spent in a run without decoded form. */
    void earn(long gas) {
        earned += gas;
    }

    long earned() {
        return earned;
    }

    private static long[] analyse(byte[] code) {
        long[] bits = new long[(code.length + 63) >>> 6];
        for (int pc = 0; pc < code.length; pc++) {
            int op = code[pc] & 0xff;
            if (op == JUMPDEST) {
                bits[pc >>> 6] |= 1L << pc;
            } else if (op >= PUSH1 && op <= PUSH32) {
                pc += op - PUSH1 + 1;
            }
        }
        return bits;
    }

    /** The account that this code delegates to, when it is a delegation designator (EIP-7702). */
    public Optional<Address> delegation() {
        return isDelegation(bytes) ? Optional.of(Address.read(bytes, 3)) : Optional.empty();
    }

    public static boolean isDelegation(byte[] code) {
        return code.length == DELEGATION_SIZE
                && (code[0] & 0xff) == 0xef
                && (code[1] & 0xff) == 0x01
                && (code[2] & 0xff) == 0x00;
    }

    /** 0xef0100 and the address. */
    public static byte[] delegationTo(Address address) {
        byte[] code = new byte[DELEGATION_SIZE];
        code[0] = (byte) 0xef;
        code[1] = 0x01;
        address.write(code, 3);
        return code;
    }
}
