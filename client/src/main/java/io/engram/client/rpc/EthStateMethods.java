package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.pool.TransactionPool;
import io.engram.client.state.AccountProof;
import io.engram.evm.state.Account;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Accounts: eth_getBalance, getCode, getStorageAt, getTransactionCount, getProof. */
public final class EthStateMethods {

    private final ChainView chain;
    private final TransactionPool pool;

    public EthStateMethods(ChainView chain, TransactionPool pool) {
        this.chain = chain;
        this.pool = pool;
    }

    public void register(RpcRegistry registry) {
        registry.cheap("eth_getBalance", account((state, account) -> RpcHex.quantity(account.balance())))
                .cheap("eth_getCode", account((state, account) -> RpcHex.data(code(state, account))))
                .cheap("eth_getStorageAt", this::storageAt)
                .cheap("eth_getTransactionCount", this::transactionCount)
                .execution("eth_getProof", this::proof);
    }

    private RpcMethod account(BiFunction<StateReader, Account, JsonNode> view) {
        return parameters -> {
            Address address = parameters.address(0, "address");
            StateReader state = chain.state(parameters.block(1));
            return view.apply(state, state.account(address).orElse(Account.EMPTY));
        };
    }

    private static Bytes code(StateReader state, Account account) {
        return account.hasCode() ? state.code(account.codeHash()) : Bytes.EMPTY;
    }

    private JsonNode storageAt(RpcParameters parameters) {
        Address address = parameters.address(0, "address");
        UInt256 slot = parameters.slot(1, "slot");
        return RpcHex.word(chain.state(parameters.block(2)).storage(address, slot));
    }

    private JsonNode transactionCount(RpcParameters parameters) {
        Address address = parameters.address(0, "address");
        BlockReference block = parameters.block(1);
        if (block == BlockReference.Tag.PENDING) {
            return RpcHex.quantity(pool.nextNonce(address));
        }
        return RpcHex.quantity(
                chain.state(block).account(address).map(Account::nonce).orElse(0L));
    }

    private JsonNode proof(RpcParameters parameters) {
        Address address = parameters.address(0, "address");
        JsonNode keys = parameters.required(1, "storageKeys");
        if (!keys.isArray()) {
            throw RpcException.invalidParameter("storageKeys", "expected an array");
        }
        if (keys.size() > RpcLimits.PROOF_SLOTS) {
            throw new RpcException(RpcErrorCode.LIMIT_EXCEEDED, keys.size() + " slots, limit " + RpcLimits.PROOF_SLOTS);
        }
        List<UInt256> slots = new ArrayList<>();
        keys.forEach(key -> slots.add(RpcValues.slot(key, "storageKeys")));
        ChainView.Located block = chain.require(parameters.block(2));
        AccountProof proof = chain.worldState()
                .prove(address, slots, block.number())
                .orElseThrow(() -> new RpcException(
                        RpcErrorCode.RESOURCE_UNAVAILABLE, "the trie of block " + block.number() + " is not kept"));
        return view(proof);
    }

    private static ObjectNode view(AccountProof proof) {
        ObjectNode json = Json.object();
        json.set("address", RpcHex.data(proof.address()));
        json.set("accountProof", Json.array(proof.accountNodes(), RpcHex::data));
        json.set("balance", RpcHex.quantity(proof.balance()));
        json.set("codeHash", RpcHex.data(proof.codeHash()));
        json.set("nonce", RpcHex.quantity(proof.nonce()));
        json.set("storageHash", RpcHex.data(proof.storageRoot()));
        ArrayNode storage = json.putArray("storageProof");
        for (AccountProof.SlotProof slot : proof.slots()) {
            ObjectNode one = storage.addObject();
            one.set("key", RpcHex.word(slot.slot()));
            one.set("value", RpcHex.quantity(slot.value()));
            one.set("proof", Json.array(slot.nodes(), RpcHex::data));
        }
        return json;
    }
}
