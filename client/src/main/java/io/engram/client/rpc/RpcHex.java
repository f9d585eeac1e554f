package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** How values are written: quantities without leading zeros, data as it is, both with 0x (EIP-1474). */
public final class RpcHex {

    private RpcHex() {}

    /** @param value unsigned */
    public static String quantityText(long value) {
        return "0x" + Long.toHexString(value);
    }

    public static JsonNode quantity(long value) {
        return Json.text(quantityText(value));
    }

    public static JsonNode quantity(UInt256 value) {
        return Json.text(value.toQuantityHexString());
    }

    public static JsonNode quantity(Wei value) {
        return quantity(value.value());
    }

    public static JsonNode data(Bytes value) {
        return Json.text(value.toHexString());
    }

    public static JsonNode data(Hash value) {
        return Json.text(value.toHex());
    }

    public static JsonNode data(Address value) {
        return Json.text(value.toHex());
    }

    /** A storage word: 32 bytes, zeros kept. */
    public static JsonNode word(UInt256 value) {
        return Json.text(value.toBytes().toHexString());
    }
}
