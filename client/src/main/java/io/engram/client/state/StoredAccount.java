package io.engram.client.state;

import io.engram.client.storage.DatabaseException;
import io.engram.evm.state.Account;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** An account with its storage root, in the compact form of the flat column and in that of the trie. */
record StoredAccount(long nonce, Wei balance, Hash codeHash, Hash storageRoot) {

    private static final int HAS_CODE = 1;
    private static final int HAS_STORAGE = 2;
    private static final int MAX_FLAT_SIZE = 1 + 1 + 8 + 1 + 32 + 32 + 32;

    static StoredAccount of(Account account, Hash storageRoot) {
        return new StoredAccount(account.nonce(), account.balance(), account.codeHash(), storageRoot);
    }

    Account toAccount() {
        return new Account(nonce, balance, codeHash);
    }

    boolean hasStorage() {
        return !storageRoot.equals(Hash.EMPTY_TRIE);
    }

    /** Flags, length and bytes of the nonce, length and bytes of the balance, then code hash and root if not empty. */
    byte[] toFlat() {
        boolean hasCode = !codeHash.equals(Hash.EMPTY_CODE);
        ByteBuffer out = ByteBuffer.allocate(MAX_FLAT_SIZE);
        out.put((byte) ((hasCode ? HAS_CODE : 0) | (hasStorage() ? HAS_STORAGE : 0)));
        byte[] shortNonce = Bytes.minimalBytes(nonce).toArrayUnsafe();
        out.put((byte) shortNonce.length).put(shortNonce);
        byte[] shortBalance = balance.value().trimLeadingZeros().toArrayUnsafe();
        out.put((byte) shortBalance.length).put(shortBalance);
        if (hasCode) {
            out.put(codeHash.toArray());
        }
        if (hasStorage()) {
            out.put(storageRoot.toArray());
        }
        byte[] flat = new byte[out.position()];
        out.flip().get(flat);
        return flat;
    }

    /** @throws DatabaseException when the bytes are not what {@link #toFlat} writes */
    static StoredAccount fromFlat(byte[] flat) {
        ByteBuffer in = ByteBuffer.wrap(flat);
        try {
            int flags = in.get();
            long nonce = Bytes.wrap(sized(in, Long.BYTES)).toLong();
            Wei balance = Wei.of(UInt256.fromBytes(Bytes.wrap(sized(in, 32))));
            Hash codeHash = (flags & HAS_CODE) != 0 ? hash(in) : Hash.EMPTY_CODE;
            Hash storageRoot = (flags & HAS_STORAGE) != 0 ? hash(in) : Hash.EMPTY_TRIE;
            if (in.hasRemaining() || (flags & ~(HAS_CODE | HAS_STORAGE)) != 0) {
                throw new DatabaseException("the database holds a malformed account");
            }
            return new StoredAccount(nonce, balance, codeHash, storageRoot);
        } catch (BufferUnderflowException e) {
            throw new DatabaseException("the database holds a malformed account", e);
        }
    }

    private static byte[] sized(ByteBuffer in, int limit) {
        int size = in.get();
        if (size < 0 || size > limit) {
            throw new DatabaseException("the database holds a malformed account");
        }
        byte[] bytes = new byte[size];
        in.get(bytes);
        return bytes;
    }

    private static Hash hash(ByteBuffer in) {
        byte[] bytes = new byte[Hash.SIZE];
        in.get(bytes);
        return Hash.of(bytes);
    }

    /** RLP of (nonce, balance, storage root, code hash): yellow paper, section 4.1. */
    byte[] toTrieValue() {
        byte[] shortNonce = scalar(Bytes.minimalBytes(nonce));
        byte[] shortBalance = scalar(balance.value().trimLeadingZeros());
        // Two hashes alone exceed 55 bytes and all fields together stay below 256: the long form with one length byte.
        int payload = shortNonce.length + shortBalance.length + 2 * (1 + Hash.SIZE);
        ByteBuffer out = ByteBuffer.allocate(2 + payload);
        out.put((byte) 0xf8).put((byte) payload).put(shortNonce).put(shortBalance);
        out.put((byte) 0xa0).put(storageRoot.toArray());
        out.put((byte) 0xa0).put(codeHash.toArray());
        return out.array();
    }

    /** RLP of an integer of at most 32 bytes given without leading zeros. */
    static byte[] scalar(Bytes minimal) {
        if (minimal.size() == 1 && minimal.get(0) > 0) {
            return minimal.toArrayUnsafe();
        }
        byte[] out = new byte[1 + minimal.size()];
        out[0] = (byte) (0x80 + minimal.size());
        System.arraycopy(minimal.toArrayUnsafe(), 0, out, 1, minimal.size());
        return out;
    }
}
