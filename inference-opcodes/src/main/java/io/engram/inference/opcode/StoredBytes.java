package io.engram.inference.opcode;

import io.engram.evm.extension.ExtensionFrame;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * A {@code bytes} value in Solidity's storage layout. Short form, lowest bit 0: up to 31 bytes from the high end of the
 * slot, twice the length in the lowest byte. Long form, lowest bit 1: the slot holds twice the length plus 1, the data
 * is in the slots from keccak256(slot) on.
 */
record StoredBytes(UInt256 slot, Hash head) {

    private static final int WORD = 32;

    /** The length, {@link Long#MAX_VALUE} for one that no memory can hold; empty when the slot is malformed. */
    OptionalLong length() {
        if (isShort()) {
            long length = (head.w3() & 0xff) >> 1;
            return length < WORD ? OptionalLong.of(length) : OptionalLong.empty();
        }
        long length = head.w0() != 0 || head.w1() != 0 || head.w2() != 0 ? Long.MAX_VALUE : head.w3() >>> 1;
        return length >= WORD ? OptionalLong.of(length) : OptionalLong.empty();
    }

    /** The bytes; grows only as fast as slots are paid for. Empty when gas does not suffice. */
    Optional<byte[]> read(ExtensionFrame frame) {
        int length = Math.toIntExact(length().orElseThrow());
        if (isShort()) {
            return Optional.of(Arrays.copyOf(head.toArray(), length));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        UInt256 position =
                UInt256.fromBytes(Keccak256.hash(slot.toArrayUnsafe()).toBytes());
        while (bytes.size() < length) {
            Optional<UInt256> word = frame.loadStorage(position);
            if (word.isEmpty()) {
                return Optional.empty();
            }
            bytes.write(word.get().toArrayUnsafe(), 0, Math.min(WORD, length - bytes.size()));
            position = position.add(UInt256.ONE);
        }
        return Optional.of(bytes.toByteArray());
    }

    private boolean isShort() {
        return (head.w3() & 1) == 0;
    }
}
