package io.engram.client.trie;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Changes a Merkle Patricia trie by a whole batch of sorted changes: one walk that loads, encodes and hashes each node
 * on the changed paths once. A node is encoded by its parent's step, when its final position is known, so that nodes
 * which a deletion merges upwards are never written in between.
 *
 * <p>Stored are the root and every node of at least 32 bytes, each at its position; the set of stored nodes is exactly
 * the set reachable from the root.
 */
public final class MerkleTrie {

    /** Nibbles of the longest key, 32 bytes. */
    public static final int MAX_DEPTH = 64;

    private static final byte[] EMPTY = NodeCodec.emptyReference();
    private static final byte[] NO_VALUE = new byte[0];
    private static final byte[] NO_NIBBLES = new byte[0];

    private final NodeStore store;

    /** The position being worked on; a step at depth d writes only elements d and above. */
    private final byte[] path = new byte[MAX_DEPTH];

    private MerkleTrie(NodeStore store) {
        this.store = store;
    }

    /**
     * Applies {@code changes} to the trie with this root and returns the new root; the nodes that change go to
     * {@code store}.
     *
     * @throws IllegalArgumentException unless the keys ascend strictly
     * @throws CorruptNodeException when a stored node is missing or malformed
     */
    public static Hash update(NodeStore store, Hash root, List<TrieEntry> changes) {
        TrieEntry[] entries = changes.toArray(TrieEntry[]::new);
        for (int i = 1; i < entries.length; i++) {
            if (entries[i - 1].compareTo(entries[i]) >= 0) {
                throw new IllegalArgumentException("changes must be sorted by key, each key once");
            }
        }
        if (entries.length == 0) {
            return root;
        }
        return new MerkleTrie(store).updateRoot(root, entries);
    }

    private Hash updateRoot(Hash root, TrieEntry[] entries) {
        byte[] reference = root.equals(Hash.EMPTY_TRIE) ? EMPTY : NodeCodec.hashReference(root);
        Node result = change(reference, entries, 0, entries.length, 0);
        if (result == Node.Outcome.UNCHANGED) {
            return root;
        }
        if (result == Node.Outcome.EMPTY) {
            store.remove(path, 0);
            return Hash.EMPTY_TRIE;
        }
        byte[] encoded = NodeCodec.encode(result);
        store.put(path, 0, encoded);
        return Keccak256.hash(encoded);
    }

    /** What the position at {@code depth} holds after the entries from {@code lo} to {@code hi}. */
    private Node change(byte[] reference, TrieEntry[] entries, int lo, int hi, int depth) {
        if (lo == hi) {
            return Node.Outcome.UNCHANGED;
        }
        if (NodeCodec.isEmpty(reference)) {
            Node built = build(entries, lo, hi, depth);
            return built == Node.Outcome.EMPTY ? Node.Outcome.UNCHANGED : built;
        }
        return changeNode(load(reference, depth), entries, lo, hi, depth);
    }

    private Node load(byte[] reference, int depth) {
        return NodeCodec.decode(NodeCodec.isHash(reference) ? store.load(path, depth) : reference);
    }

    private Node changeNode(Node node, TrieEntry[] entries, int lo, int hi, int depth) {
        return switch (node) {
            case Node.Leaf leaf -> changeLeaf(leaf, entries, lo, hi, depth);
            case Node.Extension extension -> changeExtension(extension, entries, lo, hi, depth);
            case Node.Branch branch -> changeBranch(branch, entries, lo, hi, depth);
            case Node.Outcome outcome -> throw new IllegalStateException("not a stored node: " + outcome);
        };
    }

    private Node changeLeaf(Node.Leaf leaf, TrieEntry[] entries, int lo, int hi, int depth) {
        TrieEntry present = new TrieEntry(keyOf(leaf, depth), leaf.value());
        List<TrieEntry> merged = new ArrayList<>(hi - lo + 1);
        boolean placed = false;
        boolean same = true;
        for (int i = lo; i < hi; i++) {
            TrieEntry entry = entries[i];
            int order = placed ? -1 : present.compareTo(entry);
            if (order < 0 && !placed) {
                merged.add(present);
                placed = true;
            }
            if (order == 0) {
                placed = true;
                same &= Arrays.equals(entry.value(), leaf.value());
            } else if (!entry.isDeletion()) {
                same = false;
            }
            if (!entry.isDeletion()) {
                merged.add(entry);
            }
        }
        if (!placed) {
            merged.add(present);
        }
        if (same) {
            return Node.Outcome.UNCHANGED;
        }
        TrieEntry[] all = merged.toArray(TrieEntry[]::new);
        return build(all, 0, all.length, depth);
    }

    private byte[] keyOf(Node.Leaf leaf, int depth) {
        int nibbles = depth + leaf.path().length;
        if ((nibbles & 1) != 0 || nibbles > MAX_DEPTH) {
            throw new CorruptNodeException("a leaf lies at an impossible depth");
        }
        byte[] key = new byte[nibbles / 2];
        for (int i = 0; i < nibbles; i++) {
            int nibble = i < depth ? path[i] : leaf.path()[i - depth];
            key[i >> 1] |= (byte) ((i & 1) == 0 ? nibble << 4 : nibble);
        }
        return key;
    }

    private Node changeExtension(Node.Extension extension, TrieEntry[] entries, int lo, int hi, int depth) {
        byte[] prefix = extension.path();
        if (depth + prefix.length >= MAX_DEPTH) {
            throw new CorruptNodeException("an extension lies at an impossible depth");
        }
        System.arraycopy(prefix, 0, path, depth, prefix.length);
        // The entries are sorted, so all agree with the prefix as far as the first and the last do.
        int shared = Math.min(agreement(entries[lo], depth, prefix), agreement(entries[hi - 1], depth, prefix));
        if (shared == prefix.length) {
            Node child = change(extension.child(), entries, lo, hi, depth + shared);
            return child == Node.Outcome.UNCHANGED ? child : attach(prefix, child, extension.child(), depth);
        }
        Node split = split(extension, shared, entries, lo, hi, depth + shared);
        if (shared > 0) {
            split = attach(Arrays.copyOf(prefix, shared), split, EMPTY, depth);
        }
        boolean same = split instanceof Node.Extension result
                && Arrays.equals(result.path(), prefix)
                && Arrays.equals(result.child(), extension.child());
        return same ? Node.Outcome.UNCHANGED : split;
    }

    private static int agreement(TrieEntry entry, int depth, byte[] prefix) {
        int limit = Math.min(prefix.length, entry.nibbles() - depth);
        int i = 0;
        while (i < limit && entry.nibble(depth + i) == prefix[i]) {
            i++;
        }
        return i;
    }

    /** A branch inside the extension, at {@code depth}, {@code shared} nibbles into its path. */
    private Node split(Node.Extension extension, int shared, TrieEntry[] entries, int lo, int hi, int depth) {
        byte[] prefix = extension.path();
        int old = prefix[shared];
        byte[][] references = new byte[NodeCodec.WIDTH][];
        Arrays.fill(references, EMPTY);
        Node[] outcomes = new Node[NodeCodec.WIDTH];
        Arrays.fill(outcomes, Node.Outcome.UNCHANGED);
        byte[] value = valueAt(entries, lo, hi, depth, NO_VALUE);
        Node rest = Node.Outcome.UNCHANGED;
        if (shared + 1 == prefix.length) {
            references[old] = extension.child();
        } else {
            rest = new Node.Extension(Arrays.copyOfRange(prefix, shared + 1, prefix.length), extension.child());
            outcomes[old] = rest;
        }
        int from = endsAt(entries, lo, hi, depth) ? lo + 1 : lo;
        while (from < hi) {
            int nibble = entries[from].nibble(depth);
            int to = endOfGroup(entries, from, hi, depth, nibble);
            path[depth] = (byte) nibble;
            if (nibble == old && rest instanceof Node.Extension) {
                Node changed = changeNode(rest, entries, from, to, depth + 1);
                outcomes[nibble] = changed == Node.Outcome.UNCHANGED ? rest : changed;
            } else {
                outcomes[nibble] = change(references[nibble], entries, from, to, depth + 1);
            }
            from = to;
        }
        return assemble(outcomes, references, value, depth);
    }

    private Node changeBranch(Node.Branch branch, TrieEntry[] entries, int lo, int hi, int depth) {
        if (depth >= MAX_DEPTH) {
            throw new CorruptNodeException("a branch lies at an impossible depth");
        }
        Node[] outcomes = new Node[NodeCodec.WIDTH];
        Arrays.fill(outcomes, Node.Outcome.UNCHANGED);
        byte[] value = valueAt(entries, lo, hi, depth, branch.value());
        boolean changed = !Arrays.equals(value, branch.value());
        int from = endsAt(entries, lo, hi, depth) ? lo + 1 : lo;
        while (from < hi) {
            int nibble = entries[from].nibble(depth);
            int to = endOfGroup(entries, from, hi, depth, nibble);
            path[depth] = (byte) nibble;
            outcomes[nibble] = change(branch.children()[nibble], entries, from, to, depth + 1);
            changed |= outcomes[nibble] != Node.Outcome.UNCHANGED;
            from = to;
        }
        return changed ? assemble(outcomes, branch.children(), value, depth) : Node.Outcome.UNCHANGED;
    }

    /** Whether the first entry's key ends at {@code depth}; sorted, no other one's can. */
    private static boolean endsAt(TrieEntry[] entries, int lo, int hi, int depth) {
        return lo < hi && entries[lo].nibbles() == depth;
    }

    /** The value of the key that ends at {@code depth}: what the entries say, else what it was. */
    private static byte[] valueAt(TrieEntry[] entries, int lo, int hi, int depth, byte[] before) {
        return endsAt(entries, lo, hi, depth) ? entries[lo].value() : before;
    }

    private static int endOfGroup(TrieEntry[] entries, int from, int hi, int depth, int nibble) {
        int to = from + 1;
        while (to < hi && entries[to].nibble(depth) == nibble) {
            to++;
        }
        return to;
    }

    /** The node at {@code depth} whose children came out so; a single child without a value is merged upwards. */
    private Node assemble(Node[] outcomes, byte[][] references, byte[] value, int depth) {
        int live = 0;
        int last = 0;
        for (int i = 0; i < NodeCodec.WIDTH; i++) {
            boolean unchanged = outcomes[i] == Node.Outcome.UNCHANGED;
            if (unchanged ? !NodeCodec.isEmpty(references[i]) : outcomes[i] != Node.Outcome.EMPTY) {
                live++;
                last = i;
            }
        }
        boolean valued = value.length > 0;
        if (live >= 2 || (live == 1 && valued)) {
            byte[][] children = new byte[NodeCodec.WIDTH][];
            for (int i = 0; i < NodeCodec.WIDTH; i++) {
                path[depth] = (byte) i;
                children[i] = outcomes[i] == Node.Outcome.UNCHANGED
                        ? references[i]
                        : seal(outcomes[i], references[i], depth + 1);
            }
            return new Node.Branch(children, value);
        }
        for (int i = 0; i < NodeCodec.WIDTH; i++) {
            if (outcomes[i] == Node.Outcome.EMPTY) {
                path[depth] = (byte) i;
                drop(references[i], depth + 1);
            }
        }
        if (live == 0) {
            return valued ? new Node.Leaf(NO_NIBBLES, value) : Node.Outcome.EMPTY;
        }
        path[depth] = (byte) last;
        byte[] step = {(byte) last};
        if (outcomes[last] != Node.Outcome.UNCHANGED) {
            return attach(step, outcomes[last], references[last], depth);
        }
        Node node = load(references[last], depth + 1);
        if (node instanceof Node.Branch) {
            return new Node.Extension(step, references[last]);
        }
        return attach(step, node, references[last], depth);
    }

    /**
     * The node at {@code depth} from which {@code prefix} leads to {@code node}.
     *
     * @param previous the reference that the end of the prefix had before
     */
    private Node attach(byte[] prefix, Node node, byte[] previous, int depth) {
        int end = depth + prefix.length;
        return switch (node) {
            case Node.Leaf leaf -> {
                drop(previous, end);
                yield new Node.Leaf(concatenate(prefix, leaf.path()), leaf.value());
            }
            case Node.Extension extension -> {
                drop(previous, end);
                yield new Node.Extension(concatenate(prefix, extension.path()), extension.child());
            }
            case Node.Branch branch -> new Node.Extension(prefix, seal(branch, previous, end));
            case Node.Outcome outcome -> {
                drop(previous, end);
                yield outcome;
            }
        };
    }

    /** Encodes a node that stays at {@code depth}, stores it unless its parent embeds it, and returns its reference. */
    private byte[] seal(Node node, byte[] previous, int depth) {
        if (node == Node.Outcome.EMPTY) {
            drop(previous, depth);
            return EMPTY;
        }
        byte[] encoded = NodeCodec.encode(node);
        if (encoded.length < NodeCodec.EMBEDDED_BELOW) {
            drop(previous, depth);
            return encoded;
        }
        store.put(path, depth, encoded);
        return NodeCodec.hashReference(encoded);
    }

    private void drop(byte[] previous, int depth) {
        if (NodeCodec.isHash(previous)) {
            store.remove(path, depth);
        }
    }

    /** The trie of the entries alone that are no deletions, at a position that was empty. */
    private Node build(TrieEntry[] entries, int lo, int hi, int depth) {
        int first = lo;
        while (first < hi && entries[first].isDeletion()) {
            first++;
        }
        int end = hi;
        while (end > first && entries[end - 1].isDeletion()) {
            end--;
        }
        if (first == end) {
            return Node.Outcome.EMPTY;
        }
        TrieEntry least = entries[first];
        TrieEntry greatest = entries[end - 1];
        if (end - first == 1) {
            return new Node.Leaf(nibbles(least, depth, least.nibbles()), least.value());
        }
        int fork = depth;
        while (fork < least.nibbles() && least.nibble(fork) == greatest.nibble(fork)) {
            path[fork] = (byte) least.nibble(fork);
            fork++;
        }
        Node[] outcomes = new Node[NodeCodec.WIDTH];
        Arrays.fill(outcomes, Node.Outcome.EMPTY);
        byte[][] references = new byte[NodeCodec.WIDTH][];
        Arrays.fill(references, EMPTY);
        byte[] value = valueAt(entries, first, end, fork, NO_VALUE);
        int from = endsAt(entries, first, end, fork) ? first + 1 : first;
        while (from < end) {
            int nibble = entries[from].nibble(fork);
            int to = endOfGroup(entries, from, end, fork, nibble);
            path[fork] = (byte) nibble;
            outcomes[nibble] = build(entries, from, to, fork + 1);
            from = to;
        }
        Node branch = assemble(outcomes, references, value, fork);
        return fork == depth ? branch : attach(nibbles(least, depth, fork), branch, EMPTY, depth);
    }

    private static byte[] nibbles(TrieEntry entry, int from, int to) {
        byte[] nibbles = new byte[to - from];
        for (int i = from; i < to; i++) {
            nibbles[i - from] = (byte) entry.nibble(i);
        }
        return nibbles;
    }

    private static byte[] concatenate(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
