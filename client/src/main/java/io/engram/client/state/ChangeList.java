package io.engram.client.state;

import io.engram.client.storage.Column;
import io.engram.client.storage.DatabaseException;
import io.engram.client.storage.View;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The state root after a block and which accounts and slots the block changed; the values before it are in the history
 * columns.
 */
record ChangeList(Hash root, Map<Address, List<UInt256>> slots) {

    static Optional<ChangeList> read(View view, long block) {
        return view.get(Column.CHANGES, StateKeys.block(block)).map(ChangeList::decode);
    }

    static Optional<Hash> readRoot(View view, long block) {
        return view.get(Column.CHANGES, StateKeys.block(block)).map(bytes -> {
            if (bytes.length < Hash.SIZE) {
                throw new DatabaseException("the database holds a malformed change list");
            }
            return Hash.read(bytes, 0);
        });
    }

    byte[] encode() {
        int size = Hash.SIZE;
        for (List<UInt256> list : slots.values()) {
            size += Address.SIZE + Integer.BYTES + list.size() * StateKeys.SLOT_SIZE;
        }
        ByteBuffer out = ByteBuffer.allocate(size).put(root.toArray());
        slots.forEach((address, list) -> {
            out.put(address.toArray()).putInt(list.size());
            list.forEach(slot -> out.put(slot.toArray()));
        });
        return out.array();
    }

    /** @throws DatabaseException when the bytes are not what {@link #encode} writes */
    static ChangeList decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            byte[] root = new byte[Hash.SIZE];
            in.get(root);
            Map<Address, List<UInt256>> slots = new LinkedHashMap<>();
            while (in.hasRemaining()) {
                byte[] address = new byte[Address.SIZE];
                in.get(address);
                int count = in.getInt();
                if (count < 0 || count > in.remaining() / StateKeys.SLOT_SIZE) {
                    throw new DatabaseException("the database holds a malformed change list");
                }
                List<UInt256> list = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    byte[] slot = new byte[StateKeys.SLOT_SIZE];
                    in.get(slot);
                    list.add(UInt256.fromBytes(Bytes.wrap(slot)));
                }
                slots.put(Address.of(address), list);
            }
            return new ChangeList(Hash.of(root), slots);
        } catch (BufferUnderflowException e) {
            throw new DatabaseException("the database holds a malformed change list", e);
        }
    }
}
