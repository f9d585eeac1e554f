package io.engram.evm.statetest;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.rlp.RlpWriter;
import java.util.Map;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;

/** The root of a Merkle Patricia trie with hashed keys (Yellow Paper, appendix D), computed from all its entries. */
final class TrieRoot {

    private TrieRoot() {}

    /** @param entries unhashed key to value */
    static Hash of(Map<Bytes, Bytes> entries) {
        TreeMap<Hash, Bytes> sorted = new TreeMap<>();
        entries.forEach((key, value) -> sorted.put(Keccak256.hash(key), value));
        if (sorted.isEmpty()) {
            return Hash.EMPTY_TRIE;
        }
        byte[][] keys = new byte[sorted.size()][];
        Bytes[] values = new Bytes[sorted.size()];
        int i = 0;
        for (Map.Entry<Hash, Bytes> entry : sorted.entrySet()) {
            keys[i] = entry.getKey().toArray();
            values[i++] = entry.getValue();
        }
        return Keccak256.hash(node(keys, values, 0, keys.length, 0));
    }

    private static int nibble(byte[] key, int at) {
        return (key[at >> 1] >> ((at & 1) == 0 ? 4 : 0)) & 0xf;
    }

    /** The RLP of the node over entries {@code from} to {@code to}, which agree in their first {@code depth} nibbles. */
    private static Bytes node(byte[][] keys, Bytes[] values, int from, int to, int depth) {
        if (to - from == 1) {
            return RlpWriter.list(out -> {
                out.bytes(path(keys[from], depth, 64, true));
                out.bytes(values[from]);
            });
        }
        int common = depth;
        while (nibble(keys[from], common) == nibble(keys[to - 1], common)) {
            common++;
        }
        if (common > depth) {
            int end = common;
            Bytes child = reference(node(keys, values, from, to, end));
            return RlpWriter.list(out -> {
                out.bytes(path(keys[from], depth, end, false));
                out.raw(child);
            });
        }
        return RlpWriter.list(out -> {
            int start = from;
            for (int n = 0; n < 16; n++) {
                int stop = start;
                while (stop < to && nibble(keys[stop], depth) == n) {
                    stop++;
                }
                if (stop == start) {
                    out.bytes(Bytes.EMPTY);
                } else {
                    out.raw(reference(node(keys, values, start, stop, depth + 1)));
                }
                start = stop;
            }
            out.bytes(Bytes.EMPTY);
        });
    }

    private static Bytes reference(Bytes node) {
        return node.size() < 32
                ? node
                : RlpWriter.items(out -> out.bytes(Keccak256.hash(node).toBytes()));
    }

    private static Bytes path(byte[] key, int from, int to, boolean leaf) {
        int length = to - from;
        byte[] bytes = new byte[1 + length / 2];
        int flag = leaf ? 2 : 0;
        int at = from;
        if ((length & 1) != 0) {
            bytes[0] = (byte) ((flag + 1) << 4 | nibble(key, at++));
        } else {
            bytes[0] = (byte) (flag << 4);
        }
        for (int i = 1; i < bytes.length; i++) {
            bytes[i] = (byte) (nibble(key, at) << 4 | nibble(key, at + 1));
            at += 2;
        }
        return Bytes.wrap(bytes);
    }
}
