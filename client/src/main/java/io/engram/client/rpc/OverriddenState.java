package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.evm.state.Account;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** A state with the accounts of a state override set laid over it (the third parameter of eth_call). */
final class OverriddenState implements StateReader {

    /**
     * What is said of one account; what is absent stays as it is.
     *
     * @param wholeStorage whether {@code storage} takes the place of all slots
     */
    private record Patch(
            Optional<Wei> balance,
            Optional<Long> nonce,
            Optional<Hash> codeHash,
            boolean wholeStorage,
            Map<UInt256, UInt256> storage) {}

    private final StateReader base;
    private final Map<Address, Patch> overrides;
    private final Map<Hash, Bytes> code;

    private OverriddenState(StateReader base, Map<Address, Patch> overrides, Map<Hash, Bytes> code) {
        this.base = base;
        this.overrides = overrides;
        this.code = code;
    }

    /** @param set address → {balance, nonce, code, state, stateDiff} */
    static StateReader over(StateReader base, Optional<JsonNode> set) {
        if (set.isEmpty() || set.get().isEmpty()) {
            return base;
        }
        if (!set.get().isObject()) {
            throw RpcException.invalidParameter("stateOverride", "expected an object");
        }
        Map<Address, Patch> overrides = new HashMap<>();
        Map<Hash, Bytes> code = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : set.get().properties()) {
            Address address = RpcValues.address(Json.text(entry.getKey()), "stateOverride address");
            overrides.put(address, parse(entry.getValue(), "stateOverride." + entry.getKey(), code));
        }
        return new OverriddenState(base, overrides, code);
    }

    private static Patch parse(JsonNode node, String name, Map<Hash, Bytes> code) {
        if (!node.isObject()) {
            throw RpcException.invalidParameter(name, "expected an object");
        }
        if (node.has("movePrecompileToAddress")) {
            throw RpcException.invalidParameter(name, "movePrecompileToAddress is not supported");
        }
        Optional<JsonNode> state = RpcValues.member(node, "state");
        Optional<JsonNode> diff = RpcValues.member(node, "stateDiff");
        if (state.isPresent() && diff.isPresent()) {
            throw RpcException.invalidParameter(name, "state excludes stateDiff");
        }
        Optional<Hash> codeHash = RpcValues.member(node, "code").map(text -> {
            Bytes bytes = RpcValues.data(text, name + ".code");
            Hash hash = Keccak256.hash(bytes);
            code.put(hash, bytes);
            return hash;
        });
        return new Patch(
                RpcValues.member(node, "balance").map(value -> RpcValues.wei(value, name + ".balance")),
                RpcValues.member(node, "nonce").map(value -> RpcValues.unsignedLong(value, name + ".nonce")),
                codeHash,
                state.isPresent(),
                slots(state.or(() -> diff), name));
    }

    private static Map<UInt256, UInt256> slots(Optional<JsonNode> node, String name) {
        Map<UInt256, UInt256> slots = new HashMap<>();
        if (node.isPresent()) {
            for (Map.Entry<String, JsonNode> slot : node.get().properties()) {
                slots.put(
                        RpcValues.slot(Json.text(slot.getKey()), name + " slot"),
                        RpcValues.slot(slot.getValue(), name + " value"));
            }
        }
        return slots;
    }

    @Override
    public Optional<Account> account(Address address) {
        Optional<Account> account = base.account(address);
        Patch patch = overrides.get(address);
        if (patch == null) {
            return account;
        }
        Account old = account.orElse(Account.EMPTY);
        return Optional.of(new Account(
                patch.nonce().orElse(old.nonce()),
                patch.balance().orElse(old.balance()),
                patch.codeHash().orElse(old.codeHash())));
    }

    @Override
    public UInt256 storage(Address address, UInt256 slot) {
        Patch patch = overrides.get(address);
        if (patch == null) {
            return base.storage(address, slot);
        }
        UInt256 value = patch.storage().get(slot);
        if (value != null) {
            return value;
        }
        return patch.wholeStorage() ? UInt256.ZERO : base.storage(address, slot);
    }

    @Override
    public boolean hasStorage(Address address) {
        Patch patch = overrides.get(address);
        if (patch == null) {
            return base.hasStorage(address);
        }
        boolean added = patch.storage().values().stream().anyMatch(value -> !value.isZero());
        return added || (!patch.wholeStorage() && base.hasStorage(address));
    }

    @Override
    public Bytes code(Hash codeHash) {
        Bytes overridden = code.get(codeHash);
        return overridden == null ? base.code(codeHash) : overridden;
    }
}
