package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.transaction.AccessListEntry;
import io.engram.genesis.transaction.Authorization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * The transaction object of eth_call, eth_estimateGas, eth_sendTransaction and their kin.
 *
 * @param gas absent: as much as is allowed
 * @param gasPrice excludes the fee pair
 * @param accessList absent: a type without one
 */
public record CallArguments(
        Optional<Address> from,
        Optional<Address> to,
        Optional<Long> gas,
        Optional<Wei> gasPrice,
        Optional<Wei> maxFeePerGas,
        Optional<Wei> maxPriorityFeePerGas,
        Wei value,
        Bytes data,
        Optional<Long> nonce,
        Optional<List<AccessListEntry>> accessList,
        List<Authorization> authorizations) {

    public static CallArguments parse(JsonNode node, String name) {
        if (!node.isObject()) {
            throw RpcException.invalidParameter(name, "expected an object");
        }
        Optional<Wei> gasPrice = wei(node, "gasPrice", name);
        Optional<Wei> maxFee = wei(node, "maxFeePerGas", name);
        Optional<Wei> tip = wei(node, "maxPriorityFeePerGas", name);
        if (gasPrice.isPresent() && (maxFee.isPresent() || tip.isPresent())) {
            throw RpcException.invalidParameter(name, "gasPrice excludes maxFeePerGas and maxPriorityFeePerGas");
        }
        if (maxFee.isPresent() && tip.isPresent() && tip.get().compareTo(maxFee.get()) > 0) {
            throw new RpcException(RpcErrorCode.TIP_ABOVE_FEE_CAP);
        }
        if (RpcValues.member(node, "blobVersionedHashes").isPresent()
                || RpcValues.member(node, "blobs").isPresent()) {
            throw RpcException.invalidParameter(name, "blobs are not supported on this chain");
        }
        return new CallArguments(
                RpcValues.member(node, "from").map(value -> RpcValues.address(value, name + ".from")),
                RpcValues.member(node, "to").map(value -> RpcValues.address(value, name + ".to")),
                RpcValues.member(node, "gas").map(value -> RpcValues.quantity(value, name + ".gas")),
                gasPrice,
                maxFee,
                tip,
                wei(node, "value", name).orElse(Wei.ZERO),
                data(node, name),
                RpcValues.member(node, "nonce").map(value -> RpcValues.unsignedLong(value, name + ".nonce")),
                RpcValues.member(node, "accessList").map(list -> accessList(list, name + ".accessList")),
                RpcValues.member(node, "authorizationList")
                        .map(list -> authorizations(list, name + ".authorizationList"))
                        .orElse(List.of()));
    }

    private static Optional<Wei> wei(JsonNode node, String member, String name) {
        return RpcValues.member(node, member).map(value -> RpcValues.wei(value, name + "." + member));
    }

    private static Bytes data(JsonNode node, String name) {
        Optional<Bytes> input = RpcValues.member(node, "input").map(value -> RpcValues.data(value, name + ".input"));
        Optional<Bytes> data = RpcValues.member(node, "data").map(value -> RpcValues.data(value, name + ".data"));
        if (input.isPresent() && data.isPresent() && !input.equals(data)) {
            throw RpcException.invalidParameter(name, "data and input differ");
        }
        return input.or(() -> data).orElse(Bytes.EMPTY);
    }

    private static List<AccessListEntry> accessList(JsonNode list, String name) {
        if (!list.isArray()) {
            throw RpcException.invalidParameter(name, "expected an array");
        }
        List<AccessListEntry> entries = new ArrayList<>();
        for (JsonNode entry : list) {
            List<Hash> slots = new ArrayList<>();
            entry.path("storageKeys").forEach(key -> slots.add(RpcValues.hash(key, name + ".storageKeys")));
            entries.add(new AccessListEntry(RpcValues.address(entry.path("address"), name + ".address"), slots));
        }
        return List.copyOf(entries);
    }

    private static List<Authorization> authorizations(JsonNode list, String name) {
        if (!list.isArray()) {
            throw RpcException.invalidParameter(name, "expected an array");
        }
        List<Authorization> entries = new ArrayList<>();
        for (JsonNode entry : list) {
            long parity = RpcValues.quantity(entry.path("yParity"), name + ".yParity");
            if (parity > 0xff) {
                throw RpcException.invalidParameter(name + ".yParity", "larger than 255");
            }
            entries.add(new Authorization(
                    RpcValues.quantity256(entry.path("chainId"), name + ".chainId"),
                    RpcValues.address(entry.path("address"), name + ".address"),
                    RpcValues.unsignedLong(entry.path("nonce"), name + ".nonce"),
                    (int) parity,
                    word(entry.path("r"), name + ".r"),
                    word(entry.path("s"), name + ".s")));
        }
        return List.copyOf(entries);
    }

    private static Hash word(JsonNode node, String name) {
        return Hash.of(RpcValues.slot(node, name).toBytes());
    }
}
