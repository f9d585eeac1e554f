package io.engram.genesis.rlp;

import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** RLP of unknown meaning as a tree. */
public sealed interface RlpItem {

    /** Nesting beyond this is refused, so that reading cannot exhaust the stack. */
    int MAX_DEPTH = 1_024;

    /** A byte string. */
    record Text(Bytes bytes) implements RlpItem {}

    /** A list of items. */
    record Sequence(List<RlpItem> items) implements RlpItem {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** Reads exactly one item and everything inside it. */
    static RlpItem decode(Bytes encoded) throws RlpException {
        RlpReader reader = RlpReader.of(encoded);
        RlpItem item = read(reader, 0);
        reader.end();
        return item;
    }

    private static RlpItem read(RlpReader reader, int depth) throws RlpException {
        if (!reader.nextIsList()) {
            return new Text(reader.readBytes());
        }
        if (depth >= MAX_DEPTH) {
            throw new RlpException("lists nested deeper than " + MAX_DEPTH);
        }
        return new Sequence(reader.readList(items -> read(items, depth + 1)));
    }

    default Bytes encode() {
        return RlpWriter.items(this::write);
    }

    private void write(RlpWriter writer) {
        switch (this) {
            case Text text -> writer.bytes(text.bytes());
            case Sequence sequence -> writer.nested(sequence.items(), (inner, item) -> item.write(inner));
        }
    }
}
