package io.engram.client.trie;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/** Nodes in a map; refuses to hear of a position twice in one update and of removing what is not there. */
final class MemoryNodes implements NodeStore {

    private final Map<Bytes, Bytes> nodes = new LinkedHashMap<>();
    private final Set<Bytes> reported = new HashSet<>();

    Map<Bytes, Bytes> nodes() {
        return nodes;
    }

    void nextUpdate() {
        reported.clear();
    }

    @Override
    public byte[] load(byte[] path, int length) {
        Bytes node = nodes.get(Bytes.wrap(path, 0, length).copy());
        if (node == null) {
            throw new CorruptNodeException("no node at " + Bytes.wrap(path, 0, length));
        }
        return node.toArray();
    }

    @Override
    public void put(byte[] path, int length, byte[] node) {
        Bytes position = Bytes.wrap(path, 0, length).copy();
        once(position);
        nodes.put(position, Bytes.wrap(node));
    }

    @Override
    public void remove(byte[] path, int length) {
        Bytes position = Bytes.wrap(path, 0, length).copy();
        once(position);
        if (nodes.remove(position) == null) {
            throw new IllegalStateException("no node to remove at " + position);
        }
    }

    private void once(Bytes position) {
        if (!reported.add(position)) {
            throw new IllegalStateException("reported twice: " + position);
        }
    }
}
