package io.engram.client.state;

import io.engram.genesis.Address;
import java.nio.ByteBuffer;
import org.apache.tuweni.units.bigints.UInt256;

/** Keys of the state's columns; their layout is told at {@link io.engram.client.storage.Column}. */
final class StateKeys {

    static final int SLOT_SIZE = 32;
    static final int SLOT_KEY_SIZE = Address.SIZE + SLOT_SIZE;

    private StateKeys() {}

    static byte[] account(Address address) {
        return address.toArray();
    }

    static byte[] slot(Address address, UInt256 slot) {
        byte[] key = new byte[SLOT_KEY_SIZE];
        address.write(key, 0);
        System.arraycopy(slot.toArray(), 0, key, Address.SIZE, SLOT_SIZE);
        return key;
    }

    static byte[] block(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** Key of the entry that says what {@code key} held before a block. */
    static byte[] history(byte[] key, long number) {
        return ByteBuffer.allocate(key.length + Long.BYTES)
                .put(key)
                .putLong(number)
                .array();
    }
}
