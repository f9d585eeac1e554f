package io.engram.client.trie;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import java.util.Arrays;

/** RLP of trie nodes and the hex-prefix form of paths (yellow paper, appendices B to D). */
final class NodeCodec {

    /** Nodes shorter than this are embedded in their parent. */
    static final int EMBEDDED_BELOW = 32;

    static final int WIDTH = 16;

    private static final byte[] EMPTY_REFERENCE = {(byte) 0x80};
    private static final int HASH_REFERENCE_SIZE = 33;

    private NodeCodec() {}

    static byte[] emptyReference() {
        return EMPTY_REFERENCE;
    }

    static boolean isEmpty(byte[] reference) {
        return reference.length == 1;
    }

    /** Whether the reference names a node that is stored on its own. */
    static boolean isHash(byte[] reference) {
        return reference.length == HASH_REFERENCE_SIZE;
    }

    static byte[] hashReference(Hash hash) {
        byte[] reference = new byte[HASH_REFERENCE_SIZE];
        reference[0] = (byte) 0xa0;
        hash.write(reference, 1);
        return reference;
    }

    static byte[] hashReference(byte[] node) {
        return hashReference(Keccak256.hash(node));
    }

    static byte[] encode(Node node) {
        return switch (node) {
            case Node.Leaf leaf -> leaf(leaf.path(), leaf.value());
            case Node.Extension extension -> extension(extension.path(), extension.child());
            case Node.Branch branch -> branch(branch.children(), encodeString(branch.value()));
            case Node.Outcome outcome -> throw new IllegalArgumentException("not a node: " + outcome);
        };
    }

    private static byte[] branch(byte[][] children, byte[] value) {
        int payload = value.length;
        for (byte[] child : children) {
            payload += child.length;
        }
        byte[] out = new byte[headerSize(payload) + payload];
        int at = writeHeader(out, 0, 0xc0, payload);
        for (byte[] child : children) {
            System.arraycopy(child, 0, out, at, child.length);
            at += child.length;
        }
        System.arraycopy(value, 0, out, at, value.length);
        return out;
    }

    private static byte[] leaf(byte[] path, byte[] value) {
        int payload = pathSize(path) + stringSize(value);
        byte[] out = new byte[headerSize(payload) + payload];
        int at = writePath(out, writeHeader(out, 0, 0xc0, payload), path, true);
        writeString(out, at, value);
        return out;
    }

    private static byte[] extension(byte[] path, byte[] child) {
        int payload = pathSize(path) + child.length;
        byte[] out = new byte[headerSize(payload) + payload];
        int at = writePath(out, writeHeader(out, 0, 0xc0, payload), path, false);
        System.arraycopy(child, 0, out, at, child.length);
        return out;
    }

    /** Of a path in hex-prefix form as RLP: one byte alone is below 0x80, and there are never more than 33. */
    private static int pathSize(byte[] nibbles) {
        int bytes = 1 + nibbles.length / 2;
        return bytes == 1 ? 1 : 1 + bytes;
    }

    private static int writePath(byte[] out, int at, byte[] nibbles, boolean leaf) {
        int bytes = 1 + nibbles.length / 2;
        int start = at;
        if (bytes > 1) {
            out[start++] = (byte) (0x80 + bytes);
        }
        hexPrefix(nibbles, leaf, out, start);
        return start + bytes;
    }

    private static int stringSize(byte[] bytes) {
        return isItsOwnEncoding(bytes) ? 1 : headerSize(bytes.length) + bytes.length;
    }

    private static boolean isItsOwnEncoding(byte[] bytes) {
        return bytes.length == 1 && bytes[0] >= 0;
    }

    private static void writeString(byte[] out, int at, byte[] bytes) {
        int start = isItsOwnEncoding(bytes) ? at : writeHeader(out, at, 0x80, bytes.length);
        System.arraycopy(bytes, 0, out, start, bytes.length);
    }

    static byte[] encodeString(byte[] bytes) {
        byte[] out = new byte[stringSize(bytes)];
        writeString(out, 0, bytes);
        return out;
    }

    private static int headerSize(int length) {
        return length < 56 ? 1 : 1 + lengthSize(length);
    }

    private static int lengthSize(int length) {
        return (39 - Integer.numberOfLeadingZeros(length)) / 8;
    }

    /** Returns where the payload begins. */
    private static int writeHeader(byte[] out, int at, int base, int length) {
        if (length < 56) {
            out[at] = (byte) (base + length);
            return at + 1;
        }
        int size = lengthSize(length);
        out[at] = (byte) (base + 55 + size);
        for (int i = 0; i < size; i++) {
            out[at + 1 + i] = (byte) (length >>> (8 * (size - 1 - i)));
        }
        return at + 1 + size;
    }

    static byte[] hexPrefix(byte[] nibbles, boolean leaf) {
        byte[] out = new byte[1 + nibbles.length / 2];
        hexPrefix(nibbles, leaf, out, 0);
        return out;
    }

    private static void hexPrefix(byte[] nibbles, boolean leaf, byte[] out, int start) {
        int odd = nibbles.length & 1;
        int flag = (leaf ? 2 : 0) + odd;
        out[start] = (byte) (odd == 1 ? (flag << 4) | nibbles[0] : flag << 4);
        for (int i = odd, at = start + 1; i < nibbles.length; i += 2, at++) {
            out[at] = (byte) ((nibbles[i] << 4) | nibbles[i + 1]);
        }
    }

    /**
     * Decodes a node that this class encoded.
     *
     * @throws CorruptNodeException when the bytes are no node
     */
    static Node decode(byte[] rlp) {
        try {
            return decodeList(rlp);
        } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new CorruptNodeException("a trie node ends early");
        }
    }

    private static Node decodeList(byte[] rlp) {
        if ((rlp[0] & 0xff) < 0xc0) {
            throw new CorruptNodeException("a trie node is no list");
        }
        int start = payloadStart(rlp, 0);
        int end = itemEnd(rlp, 0);
        if (end != rlp.length) {
            throw new CorruptNodeException("a trie node has a wrong length");
        }
        int second = itemEnd(rlp, start);
        int third = itemEnd(rlp, second);
        if (third == end) {
            return decodePair(rlp, start, second, end);
        }
        byte[][] children = new byte[WIDTH][];
        int at = start;
        for (int i = 0; i < WIDTH; i++) {
            int next = itemEnd(rlp, at);
            int size = next - at;
            if ((size == 1 && rlp[at] != (byte) 0x80) || size > HASH_REFERENCE_SIZE) {
                throw new CorruptNodeException("a branch holds an impossible reference");
            }
            children[i] = size == 1 ? EMPTY_REFERENCE : Arrays.copyOfRange(rlp, at, next);
            at = next;
        }
        if (at >= end || itemEnd(rlp, at) != end || (rlp[at] & 0xff) >= 0xc0) {
            throw new CorruptNodeException("a branch has more or less than sixteen children and a value");
        }
        return new Node.Branch(children, Arrays.copyOfRange(rlp, payloadStart(rlp, at), end));
    }

    private static Node decodePair(byte[] rlp, int start, int second, int end) {
        int pathStart = payloadStart(rlp, start);
        int first = rlp[pathStart] & 0xff;
        int flag = first >>> 4;
        if (pathStart >= second || flag > 3 || ((flag & 1) == 0 && (first & 0xf) != 0)) {
            throw new CorruptNodeException("a trie node has a malformed path");
        }
        int odd = flag & 1;
        byte[] nibbles = new byte[2 * (second - pathStart - 1) + odd];
        if (odd == 1) {
            nibbles[0] = (byte) (first & 0xf);
        }
        for (int i = pathStart + 1, at = odd; i < second; i++) {
            nibbles[at++] = (byte) ((rlp[i] >>> 4) & 0xf);
            nibbles[at++] = (byte) (rlp[i] & 0xf);
        }
        if ((flag & 2) != 0) {
            return new Node.Leaf(nibbles, Arrays.copyOfRange(rlp, payloadStart(rlp, second), end));
        }
        if (nibbles.length == 0 || end - second > HASH_REFERENCE_SIZE || end - second < 2) {
            throw new CorruptNodeException("a malformed extension");
        }
        return new Node.Extension(nibbles, Arrays.copyOfRange(rlp, second, end));
    }

    private static int payloadStart(byte[] rlp, int at) {
        int tag = rlp[at] & 0xff;
        if (tag < 0x80) {
            return at;
        }
        int inner = tag < 0xc0 ? tag - 0x80 : tag - 0xc0;
        return inner < 56 ? at + 1 : at + 1 + inner - 55;
    }

    private static int itemEnd(byte[] rlp, int at) {
        int tag = rlp[at] & 0xff;
        if (tag < 0x80) {
            return at + 1;
        }
        int inner = tag < 0xc0 ? tag - 0x80 : tag - 0xc0;
        long length = inner;
        int start = at + 1;
        if (inner >= 56) {
            int size = inner - 55;
            length = 0;
            for (int i = 0; i < size; i++) {
                length = (length << 8) | (rlp[start + i] & 0xff);
                if (length > rlp.length) {
                    throw new CorruptNodeException("an item of a trie node is longer than the node");
                }
            }
            start += size;
        }
        if (start + length > rlp.length) {
            throw new CorruptNodeException("an item of a trie node is longer than the node");
        }
        return (int) (start + length);
    }
}
