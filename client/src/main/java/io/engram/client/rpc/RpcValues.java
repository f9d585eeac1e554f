package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.math.BigInteger;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Strict reading of JSON values. Each method ends in {@link RpcException} with code −32602 and the given name when the
 * value is not exactly of its form.
 */
public final class RpcValues {

    private RpcValues() {}

    public static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    /** A member of an object; empty when absent or null. */
    public static Optional<JsonNode> member(JsonNode object, String name) {
        JsonNode member = object.path(name);
        return isAbsent(member) ? Optional.empty() : Optional.of(member);
    }

    /** 0x and hexadecimal digits without leading zeros, at most 2^63 − 1. */
    public static long quantity(JsonNode node, String name) {
        String digits = quantityDigits(node, name);
        if (digits.length() > 16 || (digits.length() == 16 && digits.charAt(0) >= '8')) {
            throw RpcException.invalidParameter(name, "larger than 2^63 − 1");
        }
        return Long.parseLong(digits, 16);
    }

    /** An unsigned 64-bit quantity. */
    public static long unsignedLong(JsonNode node, String name) {
        String digits = quantityDigits(node, name);
        if (digits.length() > 16) {
            throw RpcException.invalidParameter(name, "larger than 2^64 − 1");
        }
        return Long.parseUnsignedLong(digits, 16);
    }

    public static UInt256 quantity256(JsonNode node, String name) {
        String digits = quantityDigits(node, name);
        if (digits.length() > 64) {
            throw RpcException.invalidParameter(name, "larger than 2^256 − 1");
        }
        return UInt256.valueOf(new BigInteger(digits, 16));
    }

    public static Wei wei(JsonNode node, String name) {
        return Wei.of(quantity256(node, name));
    }

    /**
     * A number for development helpers, whose callers send JSON numbers, decimal text, and hexadecimal text with
     * leading zeros alike.
     */
    public static UInt256 lenientQuantity(JsonNode node, String name) {
        try {
            BigInteger value;
            if (node.isIntegralNumber()) {
                value = node.bigIntegerValue();
            } else if (node.isTextual() && node.textValue().startsWith("0x")) {
                String digits = node.textValue().substring(2);
                value = digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits, 16);
            } else if (node.isTextual()) {
                value = new BigInteger(node.textValue());
            } else {
                throw RpcException.invalidParameter(name, "expected a number");
            }
            if (value.signum() < 0 || value.bitLength() > 256) {
                throw RpcException.invalidParameter(name, "outside 0 … 2^256 − 1");
            }
            return UInt256.valueOf(value);
        } catch (NumberFormatException e) {
            throw RpcException.invalidParameter(name, "expected a number");
        }
    }

    /** {@link #lenientQuantity} up to 2^63 − 1. */
    public static long lenientLong(JsonNode node, String name) {
        UInt256 value = lenientQuantity(node, name);
        if (value.bitLength() > 63) {
            throw RpcException.invalidParameter(name, "larger than 2^63 − 1");
        }
        return value.toLong();
    }

    /** 0x and an even number of hexadecimal digits. */
    public static Bytes data(JsonNode node, String name) {
        String text = text(node, name);
        if (!text.startsWith("0x")) {
            throw RpcException.invalidParameter(name, "hexadecimal data starts with 0x");
        }
        if ((text.length() & 1) != 0) {
            throw RpcException.invalidParameter(name, "odd number of hexadecimal digits");
        }
        byte[] bytes = new byte[(text.length() - 2) / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = Character.digit(text.charAt(2 * i + 2), 16);
            int low = Character.digit(text.charAt(2 * i + 3), 16);
            if (high < 0 || low < 0) {
                throw RpcException.invalidParameter(name, "not a hexadecimal digit");
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        return Bytes.wrap(bytes);
    }

    public static Address address(JsonNode node, String name) {
        Bytes bytes = data(node, name);
        if (bytes.size() != Address.SIZE) {
            throw RpcException.invalidParameter(name, "an address has 20 bytes, not " + bytes.size());
        }
        return Address.of(bytes);
    }

    public static Hash hash(JsonNode node, String name) {
        Bytes bytes = data(node, name);
        if (bytes.size() != Hash.SIZE) {
            throw RpcException.invalidParameter(name, "a hash has 32 bytes, not " + bytes.size());
        }
        return Hash.of(bytes);
    }

    /** A storage slot: a quantity, or up to 32 bytes of data with leading zeros. */
    public static UInt256 slot(JsonNode node, String name) {
        String text = text(node, name);
        if (!text.startsWith("0x") || text.length() < 3 || text.length() > 66 || !isHex(text)) {
            throw RpcException.invalidParameter(name, "expected 1 to 64 hexadecimal digits after 0x");
        }
        return UInt256.valueOf(new BigInteger(text.substring(2), 16));
    }

    public static boolean flag(JsonNode node, String name) {
        if (!node.isBoolean()) {
            throw RpcException.invalidParameter(name, "expected true or false");
        }
        return node.booleanValue();
    }

    public static String text(JsonNode node, String name) {
        if (!node.isTextual()) {
            throw RpcException.invalidParameter(name, isAbsent(node) ? "missing" : "expected a string");
        }
        return node.textValue();
    }

    private static String quantityDigits(JsonNode node, String name) {
        String text = text(node, name);
        if (!text.startsWith("0x")) {
            throw RpcException.invalidParameter(name, "a quantity starts with 0x");
        }
        if (text.length() == 2) {
            throw RpcException.invalidParameter(name, "a quantity has at least one digit");
        }
        if (text.length() > 3 && text.charAt(2) == '0') {
            throw RpcException.invalidParameter(name, "a quantity has no leading zeros");
        }
        if (!isHex(text)) {
            throw RpcException.invalidParameter(name, "not a hexadecimal digit");
        }
        return text.substring(2);
    }

    private static boolean isHex(String text) {
        for (int i = 2; i < text.length(); i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
                return false;
            }
        }
        return true;
    }
}
