package io.engram.client.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.evm.memory.MemoryState;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Values of the JSON of public tests and of other clients' tools. Malformed ones are IllegalArgumentExceptions. */
public final class Fields {

    private static final int MAX_DIGITS = 80;

    private Fields() {}

    /** A number in hexadecimal with 0x, or in decimal; empty is 0. */
    public static BigInteger number(String text) {
        boolean hex = text.startsWith("0x");
        String digits = hex ? text.substring(2) : text;
        if (digits.isEmpty()) {
            return BigInteger.ZERO;
        }
        if (digits.length() > MAX_DIGITS || !digits.chars().allMatch(c -> Character.digit(c, hex ? 16 : 10) >= 0)) {
            throw new IllegalArgumentException("not a number: " + text);
        }
        return new BigInteger(digits, hex ? 16 : 10);
    }

    /** As {@link #number(String)}; {@code otherwise} when the field is absent. */
    public static BigInteger number(JsonNode node, String field, String otherwise) {
        return number(node.path(field).asText(otherwise));
    }

    /** A number below 2^63. */
    public static long longNumber(JsonNode node, String field, String otherwise) {
        BigInteger value = number(node, field, otherwise);
        if (value.bitLength() > 63) {
            throw new IllegalArgumentException(field + " is too large: " + value);
        }
        return value.longValue();
    }

    /** A number below 2^64, unsigned. */
    public static long unsignedLong(BigInteger value) {
        if (value.bitLength() > 64) {
            throw new IllegalArgumentException("more than 64 bits: " + value);
        }
        return value.longValue();
    }

    public static UInt256 word(JsonNode node) {
        return word(node.asText());
    }

    static UInt256 word(String text) {
        return UInt256.valueOf(number(text));
    }

    public static Hash hash(JsonNode node) {
        return Hash.of(word(node).toBytes());
    }

    public static Address address(JsonNode node) {
        return Address.fromHex(node.asText());
    }

    public static Bytes bytes(JsonNode node) {
        return Bytes.fromHexString(node.asText());
    }

    /** A state given as a map of addresses to accounts. */
    public static MemoryState state(JsonNode accounts) {
        MemoryState state = new MemoryState();
        accounts.properties().forEach(entry -> {
            JsonNode account = entry.getValue();
            Map<UInt256, UInt256> slots = new HashMap<>();
            account.path("storage").properties().forEach(slot -> slots.put(word(slot.getKey()), word(slot.getValue())));
            String address = entry.getKey();
            state.put(
                    Address.fromHex(address.startsWith("0x") ? address : "0x" + address),
                    unsignedLong(number(account, "nonce", "0x0")),
                    Wei.of(number(account, "balance", "0x0")),
                    Bytes.fromHexString(account.path("code").asText("0x")),
                    slots);
        });
        return state;
    }
}
