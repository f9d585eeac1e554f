package io.engram.client.trie;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;

/**
 * The trie of the yellow paper, appendix D, word for word and slowly: node by node from the full map, nothing kept. The
 * oracle of {@link MerkleTrie}.
 */
public final class NaiveTrie {

    private final Map<Bytes, Bytes> nodes = new HashMap<>();

    /** The nodes that have to be stored, by the nibbles of their position. */
    public Map<Bytes, Bytes> nodes() {
        return nodes;
    }

    public static Hash root(Map<Bytes, Bytes> content) {
        return new NaiveTrie().compute(content);
    }

    public Hash compute(Map<Bytes, Bytes> content) {
        if (content.isEmpty()) {
            return Hash.EMPTY_TRIE;
        }
        SortedMap<String, Bytes> byNibbles = new TreeMap<>();
        content.forEach((key, value) -> byNibbles.put(key.toUnprefixedHexString(), value));
        Bytes root = node(byNibbles, 0);
        nodes.put(Bytes.EMPTY, root);
        return Keccak256.hash(root);
    }

    /** c(J, i): structural composition. */
    private Bytes node(SortedMap<String, Bytes> content, int depth) {
        String first = content.firstKey();
        if (content.size() == 1) {
            return list(List.of(
                    string(hexPrefix(first.substring(depth), true)),
                    string(content.values().iterator().next())));
        }
        String last = content.lastKey();
        int shared = depth;
        while (shared < first.length() && first.charAt(shared) == last.charAt(shared)) {
            shared++;
        }
        if (shared > depth) {
            return list(List.of(string(hexPrefix(first.substring(depth, shared), false)), reference(content, shared)));
        }
        List<Bytes> items = new ArrayList<>();
        for (char digit : "0123456789abcdef".toCharArray()) {
            SortedMap<String, Bytes> child = new TreeMap<>();
            content.forEach((key, value) -> {
                if (key.length() > depth && key.charAt(depth) == digit) {
                    child.put(key, value);
                }
            });
            items.add(child.isEmpty() ? string(Bytes.EMPTY) : reference(child, depth + 1));
        }
        items.add(string(first.length() == depth ? content.getOrDefault(first, Bytes.EMPTY) : Bytes.EMPTY));
        return list(items);
    }

    /** n(J, i): a node below 32 bytes stands for itself, a longer one is named by its hash. */
    private Bytes reference(SortedMap<String, Bytes> content, int depth) {
        Bytes node = node(content, depth);
        if (node.size() < 32) {
            return node;
        }
        byte[] position = new byte[depth];
        for (int i = 0; i < depth; i++) {
            position[i] = (byte) Character.digit(content.firstKey().charAt(i), 16);
        }
        nodes.put(Bytes.wrap(position), node);
        return string(Keccak256.hash(node).toBytes());
    }

    private static Bytes hexPrefix(String nibbles, boolean leaf) {
        int flag = leaf ? 2 : 0;
        String text = nibbles.length() % 2 == 1 ? (flag + 1) + nibbles : flag + "0" + nibbles;
        return Bytes.fromHexString(text);
    }

    public static Bytes string(Bytes bytes) {
        if (bytes.size() == 1 && (bytes.get(0) & 0xff) < 0x80) {
            return bytes;
        }
        return Bytes.concatenate(header(0x80, bytes.size()), bytes);
    }

    public static Bytes list(List<Bytes> items) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        items.forEach(item -> payload.writeBytes(item.toArrayUnsafe()));
        return Bytes.concatenate(header(0xc0, payload.size()), Bytes.wrap(payload.toByteArray()));
    }

    private static Bytes header(int base, int length) {
        if (length < 56) {
            return Bytes.of(base + length);
        }
        Bytes size = Bytes.minimalBytes(length);
        return Bytes.concatenate(Bytes.of(base + 55 + size.size()), size);
    }
}
