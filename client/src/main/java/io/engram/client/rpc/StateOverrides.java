package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.evm.state.Journal;
import io.engram.genesis.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** The state override set of eth_call: address → {balance, nonce, code, state, stateDiff}. */
final class StateOverrides {

    private StateOverrides() {}

    static Consumer<Journal> parse(Optional<JsonNode> set) {
        List<Consumer<Journal>> edits = new ArrayList<>();
        if (set.isPresent()) {
            if (!set.get().isObject()) {
                throw RpcException.invalidParameter("stateOverride", "expected an object");
            }
            for (Map.Entry<String, JsonNode> entry : set.get().properties()) {
                Address address = RpcValues.address(Json.text(entry.getKey()), "stateOverride address");
                addEdits(edits, address, entry.getValue(), "stateOverride." + entry.getKey());
            }
        }
        return journal -> edits.forEach(edit -> edit.accept(journal));
    }

    private static void addEdits(List<Consumer<Journal>> edits, Address address, JsonNode node, String name) {
        if (!node.isObject()) {
            throw RpcException.invalidParameter(name, "expected an object");
        }
        if (node.has("movePrecompileToAddress")) {
            throw RpcException.invalidParameter(name, "movePrecompileToAddress is not supported");
        }
        RpcValues.member(node, "balance")
                .map(value -> RpcValues.wei(value, name + ".balance"))
                .ifPresent(balance -> edits.add(journal -> journal.setBalance(address, balance)));
        RpcValues.member(node, "nonce")
                .map(value -> RpcValues.unsignedLong(value, name + ".nonce"))
                .ifPresent(nonce -> edits.add(journal -> journal.setNonce(address, nonce)));
        Optional<Bytes> code = RpcValues.member(node, "code").map(value -> RpcValues.data(value, name + ".code"));
        code.ifPresent(bytes -> edits.add(journal -> journal.setCode(address, bytes)));
        Optional<JsonNode> state = RpcValues.member(node, "state");
        Optional<JsonNode> diff = RpcValues.member(node, "stateDiff");
        if (state.isPresent() && diff.isPresent()) {
            throw RpcException.invalidParameter(name, "state excludes stateDiff");
        }
        if (state.isPresent()) {
            edits.add(journal -> journal.clearStorage(address));
        }
        state.or(() -> diff).ifPresent(slots -> addSlots(edits, address, slots, name));
    }

    private static void addSlots(List<Consumer<Journal>> edits, Address address, JsonNode slots, String name) {
        for (Map.Entry<String, JsonNode> entry : slots.properties()) {
            UInt256 slot = RpcValues.slot(Json.text(entry.getKey()), name + " slot");
            UInt256 value = RpcValues.slot(entry.getValue(), name + " value");
            edits.add(journal -> journal.setStorage(address, slot, value));
        }
    }
}
