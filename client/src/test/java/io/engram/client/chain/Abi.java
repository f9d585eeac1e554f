package io.engram.client.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.apache.tuweni.units.bigints.UInt256;

/** Call data by the contract ABI, for tests. */
final class Abi {

    private static final int WORD = 32;

    private Abi() {}

    /** An argument: {@code tail} is empty for a static word. */
    record Argument(Bytes head, Bytes tail) {}

    static Argument word(Bytes value) {
        return new Argument(Bytes32.leftPad(value), Bytes.EMPTY);
    }

    static Argument number(long value) {
        return word(UInt256.valueOf(value));
    }

    static Argument words(List<Hash> values) {
        List<Bytes> parts = new ArrayList<>(List.of(UInt256.valueOf(values.size())));
        values.forEach(value -> parts.add(value.toBytes()));
        return new Argument(Bytes.EMPTY, Bytes.concatenate(parts));
    }

    static Argument bytes(Bytes value) {
        return new Argument(Bytes.EMPTY, tail(value));
    }

    /** A {@code bytes[]} of one element. */
    static Argument single(Bytes value) {
        return array(List.of(value));
    }

    /** A {@code bytes[]}. */
    static Argument array(List<Bytes> values) {
        List<Bytes> parts = new ArrayList<>(List.of(UInt256.valueOf(values.size())));
        List<Bytes> tails = values.stream().map(Abi::tail).toList();
        long offset = (long) WORD * values.size();
        for (Bytes tail : tails) {
            parts.add(UInt256.valueOf(offset));
            offset += tail.size();
        }
        parts.addAll(tails);
        return new Argument(Bytes.EMPTY, Bytes.concatenate(parts));
    }

    private static Bytes tail(Bytes value) {
        int padding = Math.floorMod(-value.size(), WORD);
        return Bytes.concatenate(UInt256.valueOf(value.size()), value, Bytes.wrap(new byte[padding]));
    }

    static Bytes call(String signature, Argument... arguments) {
        List<Bytes> heads = new ArrayList<>();
        List<Bytes> tails = new ArrayList<>();
        long offset = (long) WORD * arguments.length;
        heads.add(Keccak256.hash(signature.getBytes(US_ASCII)).toBytes().slice(0, 4));
        for (Argument argument : arguments) {
            if (argument.tail().isEmpty()) {
                heads.add(argument.head());
            } else {
                heads.add(UInt256.valueOf(offset));
                tails.add(argument.tail());
                offset += argument.tail().size();
            }
        }
        heads.addAll(tails);
        return Bytes.concatenate(heads);
    }
}
