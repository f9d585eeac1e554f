package io.engram.genesis.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * One object of a genesis file: keys without regard to case, JSON null like an absent key, numbers as JSON integers,
 * decimal or 0x text. It remembers which keys were read, so that the rest can be named. Not thread-safe.
 */
final class JsonSection {

    private static final int MAX_HEX_DIGITS = 1 << 24;

    private final String path;
    private final Map<String, Entry> entries = new TreeMap<>();
    /** Lower-case key to its spelling in the file. */
    private final TreeMap<String, String> unread = new TreeMap<>();

    private record Entry(String name, JsonNode value) {}

    JsonSection(String path, JsonNode node) throws InvalidGenesisException {
        this.path = path;
        if (!node.isObject()) {
            throw new InvalidGenesisException((path.isEmpty() ? "the genesis file" : path) + " is not a JSON object");
        }
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            String key = property.getKey().toLowerCase(Locale.ROOT);
            if (entries.put(key, new Entry(property.getKey(), property.getValue())) != null) {
                throw new InvalidGenesisException(name(property.getKey()) + " appears twice");
            }
            unread.put(key, property.getKey());
        }
    }

    private String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    InvalidGenesisException error(String key, String reason) {
        return new InvalidGenesisException(name(key) + " " + reason);
    }

    Iterable<String> keys() {
        return entries.values().stream().map(Entry::name).toList();
    }

    /** Marks keys as read without looking at them. */
    void ignore(Iterable<String> keys) {
        keys.forEach(key -> unread.remove(key.toLowerCase(Locale.ROOT)));
    }

    /** @throws InvalidGenesisException naming the keys that nobody read */
    void end() throws InvalidGenesisException {
        if (!unread.isEmpty()) {
            List<String> names = unread.values().stream().map(this::name).toList();
            throw new InvalidGenesisException("unknown or unsupported: " + String.join(", ", names));
        }
    }

    private Optional<JsonNode> value(String key) {
        String folded = key.toLowerCase(Locale.ROOT);
        unread.remove(folded);
        return Optional.ofNullable(entries.get(folded)).map(Entry::value).filter(node -> !node.isNull());
    }

    Optional<JsonSection> section(String key) throws InvalidGenesisException {
        Optional<JsonNode> node = value(key);
        return node.isPresent() ? Optional.of(new JsonSection(name(key), node.get())) : Optional.empty();
    }

    List<JsonSection> sections(String key) throws InvalidGenesisException {
        List<JsonSection> sections = new ArrayList<>();
        for (JsonNode node : array(key)) {
            sections.add(new JsonSection(name(key) + "[" + sections.size() + "]", node));
        }
        return List.copyOf(sections);
    }

    private Iterable<JsonNode> array(String key) throws InvalidGenesisException {
        Optional<JsonNode> node = value(key);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!node.get().isArray()) {
            throw error(key, "is not a list");
        }
        return node.get();
    }

    Optional<List<Address>> addresses(String key) throws InvalidGenesisException {
        if (value(key).isEmpty()) {
            return Optional.empty();
        }
        List<Address> addresses = new ArrayList<>();
        for (JsonNode node : array(key)) {
            addresses.add(parseAddress(key, node.asText()));
        }
        return Optional.of(List.copyOf(addresses));
    }

    Optional<UInt256> number(String key) throws InvalidGenesisException {
        Optional<JsonNode> node = value(key);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(parseNumber(key, node.get()));
    }

    private UInt256 parseNumber(String key, JsonNode node) throws InvalidGenesisException {
        if (!node.isIntegralNumber() && !node.isTextual()) {
            throw error(key, "is not a number: " + node);
        }
        String text = node.asText().trim();
        try {
            boolean hex = text.startsWith("0x") || text.startsWith("0X");
            String digits = hex ? text.substring(2) : text;
            BigInteger number = hex && digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits, hex ? 16 : 10);
            if (number.signum() < 0 || number.bitLength() > 256) {
                throw error(key, "is not between 0 and 2^256 - 1: " + text);
            }
            return UInt256.valueOf(number);
        } catch (NumberFormatException e) {
            throw new InvalidGenesisException(name(key) + " is not a number: " + text, e);
        }
    }

    OptionalLong integer(String key) throws InvalidGenesisException {
        Optional<UInt256> number = number(key);
        if (number.isEmpty()) {
            return OptionalLong.empty();
        }
        if (number.get().bitLength() > 63) {
            throw error(key, "exceeds 63 bits");
        }
        return OptionalLong.of(number.get().toLong());
    }

    long integer(String key, long absent) throws InvalidGenesisException {
        return integer(key).orElse(absent);
    }

    /** An integer within bounds, both included. */
    long integer(String key, long absent, long min, long max) throws InvalidGenesisException {
        long value = integer(key, absent);
        if (value < min || value > max) {
            throw error(key, "is " + value + ", not between " + min + " and " + max);
        }
        return value;
    }

    Optional<Wei> wei(String key) throws InvalidGenesisException {
        return number(key).map(Wei::of);
    }

    boolean flag(String key) throws InvalidGenesisException {
        Optional<JsonNode> node = value(key);
        if (node.isEmpty()) {
            return false;
        }
        if (!node.get().isBoolean()) {
            throw error(key, "is neither true nor false");
        }
        return node.get().asBoolean();
    }

    boolean has(String key) {
        return value(key).isPresent();
    }

    Optional<String> text(String key) throws InvalidGenesisException {
        Optional<JsonNode> node = value(key);
        if (node.isPresent() && !node.get().isTextual()) {
            throw error(key, "is not text: " + node.get().getNodeType());
        }
        return node.map(JsonNode::asText);
    }

    Optional<Address> address(String key) throws InvalidGenesisException {
        Optional<String> text = text(key);
        return text.isPresent() ? Optional.of(parseAddress(key, text.get())) : Optional.empty();
    }

    private Address parseAddress(String key, String text) throws InvalidGenesisException {
        return parseAddress(name(key), text, path);
    }

    static Address parseAddress(String where, String text, String path) throws InvalidGenesisException {
        try {
            return Address.fromHex(text);
        } catch (IllegalArgumentException e) {
            String named = where.isEmpty() ? path : where;
            throw new InvalidGenesisException(named + " is not an address: " + text, e);
        }
    }

    Optional<Bytes> bytes(String key) throws InvalidGenesisException {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.get().length() > MAX_HEX_DIGITS) {
            throw error(key, "is longer than " + MAX_HEX_DIGITS + " digits");
        }
        try {
            return Optional.of(Bytes.fromHexStringLenient(text.get()));
        } catch (IllegalArgumentException e) {
            throw new InvalidGenesisException(name(key) + " is not hexadecimal", e);
        }
    }

    /** Up to {@code size} bytes, padded with zeros on the left. */
    Bytes padded(String key, int size) throws InvalidGenesisException {
        Bytes given = bytes(key).orElse(Bytes.EMPTY);
        if (given.size() > size) {
            throw error(key, "has " + given.size() + " bytes, more than " + size);
        }
        return Bytes.concatenate(Bytes.wrap(new byte[size - given.size()]), given);
    }

    Hash word(String key) throws InvalidGenesisException {
        return Hash.of(padded(key, Hash.SIZE));
    }
}
