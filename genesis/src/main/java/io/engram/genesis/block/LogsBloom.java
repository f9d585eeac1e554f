package io.engram.genesis.block;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.tuweni.bytes.Bytes;

/** A 2048-bit Bloom filter over the addresses and topics of logs (yellow paper, 4.3.1). Not thread-safe. */
public final class LogsBloom {

    /** The filter of no logs. */
    public static final Bytes EMPTY = Bytes.wrap(new byte[BlockHeader.BLOOM_SIZE]);

    /** Digests kept while the filters of one block are computed. */
    private static final int MAX_DIGESTS = 8_192;

    private final byte[] bits = new byte[BlockHeader.BLOOM_SIZE];

    public static Bytes of(List<Log> logs) {
        if (logs.isEmpty()) {
            return EMPTY;
        }
        LogsBloom bloom = new LogsBloom();
        logs.forEach(bloom::add);
        return bloom.toBytes();
    }

    /**
     * The filter of each receipt, computed on all cores. A digest that is needed again, as that of a token's address and
     * of its event, is computed once.
     */
    public static List<Bytes> ofEach(List<Receipt> receipts) {
        Map<Object, Hash> digests = new ConcurrentHashMap<>();
        return receipts.parallelStream()
                .map(receipt -> of(receipt.logs(), digests))
                .toList();
    }

    private static Bytes of(List<Log> logs, Map<Object, Hash> digests) {
        if (logs.isEmpty()) {
            return EMPTY;
        }
        LogsBloom bloom = new LogsBloom();
        for (Log log : logs) {
            bloom.set(known(digests, log.address(), LogsBloom::digest));
            for (Hash topic : log.topics()) {
                bloom.set(known(digests, topic, Keccak256::hash));
            }
        }
        return Bytes.wrap(bloom.bits);
    }

    private static <T> Hash known(Map<Object, Hash> digests, T value, Function<T, Hash> digest) {
        Hash known = digests.get(value);
        if (known == null) {
            known = digest.apply(value);
            if (digests.size() < MAX_DIGESTS) {
                digests.put(value, known);
            }
        }
        return known;
    }

    /** The filter of a whole block. */
    public static Bytes ofReceipts(List<Receipt> receipts) {
        LogsBloom bloom = new LogsBloom();
        for (Receipt receipt : receipts) {
            receipt.logs().forEach(bloom::add);
        }
        return bloom.toBytes();
    }

    /** The filter of everything that these filters hold. */
    public static Bytes union(List<Bytes> blooms) {
        byte[] union = new byte[BlockHeader.BLOOM_SIZE];
        for (Bytes bloom : blooms) {
            byte[] bits = bloom.toArrayUnsafe();
            for (int i = 0; i < union.length; i++) {
                union[i] |= bits[i];
            }
        }
        return Bytes.wrap(union);
    }

    public void add(Log log) {
        set(digest(log.address()));
        for (Hash topic : log.topics()) {
            set(Keccak256.hash(topic));
        }
    }

    public Bytes toBytes() {
        return Bytes.wrap(bits.clone());
    }

    /** Whether a log of this address may be among those that made {@code bloom}. */
    public static boolean mayContain(Bytes bloom, Address address) {
        return isSet(bloom, digest(address));
    }

    /** Whether a log with this topic may be among those that made {@code bloom}. */
    public static boolean mayContain(Bytes bloom, Hash topic) {
        return isSet(bloom, Keccak256.hash(topic));
    }

    private static Hash digest(Address address) {
        return Keccak256.hash(address.toArray());
    }

    private void set(Hash digest) {
        for (int shift = 48; shift >= 16; shift -= 16) {
            int bit = bit(digest, shift);
            bits[index(bit)] |= mask(bit);
        }
    }

    private static boolean isSet(Bytes bloom, Hash digest) {
        for (int shift = 48; shift >= 16; shift -= 16) {
            int bit = bit(digest, shift);
            if ((bloom.get(index(bit)) & mask(bit)) == 0) {
                return false;
            }
        }
        return true;
    }

    /** The low 11 bits of one of the digest's first three 16-bit groups. */
    private static int bit(Hash digest, int shift) {
        return (int) (digest.w0() >>> shift) & 0x7ff;
    }

    private static int index(int bit) {
        return BlockHeader.BLOOM_SIZE - 1 - (bit >>> 3);
    }

    private static byte mask(int bit) {
        return (byte) (1 << (bit & 7));
    }
}
