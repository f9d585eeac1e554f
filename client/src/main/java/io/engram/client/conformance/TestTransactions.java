package io.engram.client.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.transaction.AccessListEntry;
import io.engram.genesis.transaction.Authorization;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Transactions as state tests state them: unsigned, with the sender beside them. */
final class TestTransactions {

    private static final Signature NO_SIGNATURE = new Signature(Hash.ZERO, Hash.ZERO, 0);

    private TestTransactions() {}

    /**
     * @param indexes which of the test's data, gas limits and values to use
     * @throws IllegalArgumentException for values that no encoding can carry
     */
    static Transaction ofStateTest(JsonNode test, JsonNode indexes) {
        JsonNode fields = test.path("transaction");
        int data = indexes.path("data").asInt();
        JsonNode accessList = fields.path("accessLists").path(data);
        TransactionType type = type(fields, accessList.isArray());
        Wei maxFee = Wei.of(Fields.number(fields, type.hasFeeMarket() ? "maxFeePerGas" : "gasPrice", "0x0"));
        Wei priority = type.hasFeeMarket() ? Wei.of(Fields.number(fields, "maxPriorityFeePerGas", "0x0")) : maxFee;
        String to = fields.path("to").asText("");
        List<Hash> blobs = new ArrayList<>();
        fields.path("blobVersionedHashes").forEach(hash -> blobs.add(Hash.fromHex(hash.asText())));
        BigInteger gasLimit = Fields.number(
                fields.path("gasLimit").path(indexes.path("gas").asInt()).asText());
        return new Transaction(
                type,
                type == TransactionType.LEGACY
                        ? Optional.empty()
                        : Optional.of(UInt256.valueOf(Fields.number(test.path("config"), "chainid", "0x1"))),
                Fields.unsignedLong(Fields.number(fields, "nonce", "0x0")),
                priority,
                maxFee,
                Fields.unsignedLong(gasLimit),
                to.isEmpty() ? Optional.empty() : Optional.of(Address.fromHex(to)),
                Wei.of(Fields.number(
                        fields.path("value").path(indexes.path("value").asInt()).asText())),
                Bytes.fromHexString(fields.path("data").path(data).asText()),
                accessList(accessList),
                type == TransactionType.BLOB
                        ? Optional.of(Wei.of(Fields.number(fields, "maxFeePerBlobGas", "0x0")))
                        : Optional.empty(),
                blobs,
                authorizations(fields.path("authorizationList")),
                NO_SIGNATURE);
    }

    private static TransactionType type(JsonNode fields, boolean hasAccessList) {
        if (fields.has("authorizationList")) {
            return TransactionType.SET_CODE;
        }
        if (fields.has("blobVersionedHashes") || fields.has("maxFeePerBlobGas")) {
            return TransactionType.BLOB;
        }
        if (fields.has("maxFeePerGas")) {
            return TransactionType.FEE_MARKET;
        }
        return hasAccessList ? TransactionType.ACCESS_LIST : TransactionType.LEGACY;
    }

    static List<AccessListEntry> accessList(JsonNode list) {
        List<AccessListEntry> entries = new ArrayList<>();
        list.forEach(entry -> {
            List<Hash> slots = new ArrayList<>();
            entry.path("storageKeys").forEach(key -> slots.add(Fields.hash(key)));
            entries.add(new AccessListEntry(Fields.address(entry.path("address")), slots));
        });
        return entries;
    }

    static List<Authorization> authorizations(JsonNode list) {
        List<Authorization> authorizations = new ArrayList<>();
        list.forEach(entry -> authorizations.add(authorization(entry)));
        return authorizations;
    }

    private static Authorization authorization(JsonNode entry) {
        BigInteger parity = Fields.number(entry, entry.has("yParity") ? "yParity" : "v", "0x0");
        if (parity.bitLength() > 8) {
            throw new IllegalArgumentException("y parity " + parity);
        }
        return new Authorization(
                UInt256.valueOf(Fields.number(entry, "chainId", "0x0")),
                Fields.address(entry.path("address")),
                Fields.unsignedLong(Fields.number(entry, "nonce", "0x0")),
                parity.intValue(),
                Fields.hash(entry.path("r")),
                Fields.hash(entry.path("s")));
    }
}
