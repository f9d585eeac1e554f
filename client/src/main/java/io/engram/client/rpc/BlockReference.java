package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.genesis.Hash;
import java.util.Locale;

/** A block as a caller names it: tag, number, or hash (EIP-1898). */
public sealed interface BlockReference {

    enum Tag implements BlockReference {
        EARLIEST,
        LATEST,
        /** The latest block: QBFT blocks are final when they are written. */
        SAFE,
        /** The latest block: QBFT blocks are final when they are written. */
        FINALIZED,
        PENDING
    }

    record ByNumber(long number) implements BlockReference {}

    /** @param requireCanonical whether a block off the canonical chain is an error */
    record ByHash(Hash hash, boolean requireCanonical) implements BlockReference {}

    /** Reads a tag, a quantity, a 32-byte hash, or an object of EIP-1898. */
    static BlockReference parse(JsonNode node, String name) {
        if (node.isObject()) {
            return parseObject(node, name);
        }
        String text = RpcValues.text(node, name);
        if (text.startsWith("0x")) {
            return text.length() == 2 + 2 * Hash.SIZE
                    ? new ByHash(RpcValues.hash(node, name), false)
                    : new ByNumber(RpcValues.quantity(node, name));
        }
        for (Tag tag : Tag.values()) {
            if (text.equals(tag.name().toLowerCase(Locale.ROOT))) {
                return tag;
            }
        }
        throw RpcException.invalidParameter(
                name, "expected latest, earliest, pending, safe, finalized, a block number or a block hash");
    }

    private static BlockReference parseObject(JsonNode node, String name) {
        JsonNode hash = node.path("blockHash");
        JsonNode number = node.path("blockNumber");
        if (RpcValues.isAbsent(hash) == RpcValues.isAbsent(number)) {
            throw RpcException.invalidParameter(name, "expected either blockHash or blockNumber (EIP-1898)");
        }
        if (RpcValues.isAbsent(hash)) {
            return new ByNumber(RpcValues.quantity(number, name + ".blockNumber"));
        }
        boolean canonical = RpcValues.member(node, "requireCanonical")
                .map(flag -> RpcValues.flag(flag, name + ".requireCanonical"))
                .orElse(false);
        return new ByHash(RpcValues.hash(hash, name + ".blockHash"), canonical);
    }
}
