package io.engram.client.dev;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcException;
import io.engram.client.rpc.RpcMethod;
import io.engram.client.rpc.RpcParameters;
import io.engram.client.rpc.RpcRegistry;
import io.engram.client.rpc.RpcValues;
import io.engram.client.state.WorldState;
import io.engram.evm.state.Account;
import io.engram.evm.state.AccountChange;
import io.engram.evm.state.StateChanges;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Accounts by decree: setBalance, setNonce, setCode and setStorageAt in the namespaces of anvil and hardhat. */
final class StateMethods {

    private static final List<String> NAMESPACES = List.of("anvil_", "hardhat_");

    private final WorldState states;
    private final StateEditor editor;

    StateMethods(WorldState states, StateEditor editor) {
        this.states = states;
        this.editor = editor;
    }

    void register(RpcRegistry registry) {
        for (String namespace : NAMESPACES) {
            registry.execution(namespace + "setBalance", edit(StateMethods::withBalance))
                    .execution(namespace + "setNonce", edit(StateMethods::withNonce))
                    .execution(namespace + "setCode", this::setCode)
                    .execution(namespace + "setStorageAt", this::setStorageAt);
        }
        registry.execution("anvil_addBalance", edit(StateMethods::withMore));
    }

    @FunctionalInterface
    private interface Edit {
        Account apply(Account account, JsonNode value);
    }

    private RpcMethod edit(Edit edit) {
        return parameters -> {
            Address address = parameters.address(0, "address");
            Account account = edit.apply(account(address), parameters.required(1, "value"));
            apply(address, account, Map.of(), Map.of());
            return Json.bool(true);
        };
    }

    private static Account withBalance(Account account, JsonNode value) {
        Wei balance = Wei.of(RpcValues.lenientQuantity(value, "balance"));
        return new Account(account.nonce(), balance, account.codeHash());
    }

    private static Account withMore(Account account, JsonNode value) {
        Wei more = Wei.of(RpcValues.lenientQuantity(value, "amount"));
        return new Account(account.nonce(), account.balance().plus(more), account.codeHash());
    }

    private static Account withNonce(Account account, JsonNode value) {
        long nonce = RpcValues.lenientLong(value, "nonce");
        if (nonce < account.nonce()) {
            throw RpcException.invalidParameter("nonce", "the account's nonce is " + account.nonce() + " already");
        }
        return new Account(nonce, account.balance(), account.codeHash());
    }

    private JsonNode setCode(RpcParameters parameters) {
        Address address = parameters.address(0, "address");
        Bytes code = parameters.data(1, "code");
        Account old = account(address);
        Hash hash = Keccak256.hash(code);
        apply(address, new Account(old.nonce(), old.balance(), hash), Map.of(), Map.of(hash, code));
        return Json.bool(true);
    }

    private JsonNode setStorageAt(RpcParameters parameters) {
        Address address = parameters.address(0, "address");
        UInt256 slot = parameters.slot(1, "slot");
        UInt256 value = parameters.slot(2, "value");
        apply(address, account(address), Map.of(slot, value), Map.of());
        return Json.bool(true);
    }

    private Account account(Address address) {
        return states.head().account(address).orElse(Account.EMPTY);
    }

    private void apply(Address address, Account account, Map<UInt256, UInt256> storage, Map<Hash, Bytes> code) {
        AccountChange change = new AccountChange(Optional.of(account), false, storage);
        editor.apply(new StateChanges(Map.of(address, change), code));
    }
}
