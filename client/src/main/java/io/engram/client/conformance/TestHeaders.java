package io.engram.client.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import java.util.Optional;
import java.util.function.Function;

/** Block headers in the JSON of blockchain tests. */
final class TestHeaders {

    private TestHeaders() {}

    static BlockHeader of(JsonNode json) {
        return new BlockHeader(
                Fields.hash(json.path("parentHash")),
                Fields.hash(json.path("uncleHash")),
                Fields.address(json.path("coinbase")),
                Fields.hash(json.path("stateRoot")),
                Fields.hash(json.path("transactionsTrie")),
                Fields.hash(json.path("receiptTrie")),
                Fields.bytes(json.path("bloom")),
                Fields.word(json.path("difficulty")),
                Fields.longNumber(json, "number", ""),
                Fields.longNumber(json, "gasLimit", ""),
                Fields.longNumber(json, "gasUsed", ""),
                Fields.unsignedLong(Fields.number(json, "timestamp", "")),
                Fields.bytes(json.path("extraData")),
                Fields.hash(json.path("mixHash")),
                Fields.bytes(json.path("nonce")),
                optional(json, "baseFeePerGas", node -> Wei.of(Fields.word(node))),
                optional(json, "withdrawalsRoot", Fields::hash),
                optional(json, "blobGasUsed", node -> Fields.unsignedLong(Fields.number(node.asText()))),
                optional(json, "excessBlobGas", node -> Fields.unsignedLong(Fields.number(node.asText()))),
                optional(json, "parentBeaconBlockRoot", Fields::hash),
                optional(json, "requestsHash", Fields::hash));
    }

    private static <T> Optional<T> optional(JsonNode json, String field, Function<JsonNode, T> read) {
        return json.hasNonNull(field) ? Optional.of(read.apply(json.get(field))) : Optional.empty();
    }
}
