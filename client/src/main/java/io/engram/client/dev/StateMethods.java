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
import io.engram.evm.state.Journal;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import java.util.List;
import java.util.function.Consumer;
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
                    .execution(namespace + "setCode", edit(StateMethods::withCode))
                    .execution(namespace + "setStorageAt", this::setStorageAt);
        }
        registry.execution("anvil_addBalance", edit(StateMethods::withMore));
    }

    private interface Edit {
        /** The change that gives the account this value. */
        Consumer<Journal> decree(Address address, Account account, JsonNode value);
    }

    private RpcMethod edit(Edit edit) {
        return parameters -> {
            Address address = parameters.address(0, "address");
            Account account = states.head().account(address).orElse(Account.EMPTY);
            editor.apply(edit.decree(address, account, parameters.required(1, "value")));
            return Json.bool(true);
        };
    }

    private static Consumer<Journal> withBalance(Address address, Account account, JsonNode value) {
        Wei balance = Wei.of(RpcValues.lenientQuantity(value, "balance"));
        return journal -> journal.setBalance(address, balance);
    }

    private static Consumer<Journal> withMore(Address address, Account account, JsonNode value) {
        Wei more = Wei.of(RpcValues.lenientQuantity(value, "amount"));
        return journal -> journal.addBalance(address, more);
    }

    private static Consumer<Journal> withNonce(Address address, Account account, JsonNode value) {
        long nonce = RpcValues.lenientLong(value, "nonce");
        if (nonce < account.nonce()) {
            throw RpcException.invalidParameter("nonce", "the account's nonce is " + account.nonce() + " already");
        }
        return journal -> journal.setNonce(address, nonce);
    }

    private static Consumer<Journal> withCode(Address address, Account account, JsonNode value) {
        Bytes code = RpcValues.data(value, "code");
        return journal -> journal.setCode(address, code);
    }

    private JsonNode setStorageAt(RpcParameters parameters) {
        Address address = parameters.address(0, "address");
        UInt256 slot = parameters.slot(1, "slot");
        UInt256 value = parameters.slot(2, "value");
        editor.apply(journal -> journal.setStorage(address, slot, value));
        return Json.bool(true);
    }
}
