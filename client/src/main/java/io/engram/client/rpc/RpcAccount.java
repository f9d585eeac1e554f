package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import java.io.IOException;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * An account whose key is here, acting on a chain through a node's JSON-RPC. Counts its own nonces, so that any number of
 * its transactions may be on their way; nobody else may use the key meanwhile. Used by one thread.
 */
public final class RpcAccount {

    private final RpcClient rpc;
    private final KeyPair key;
    private final UInt256 chainId;
    private long nonce;

    private RpcAccount(RpcClient rpc, KeyPair key, UInt256 chainId, long nonce) {
        this.rpc = rpc;
        this.key = key;
        this.chainId = chainId;
        this.nonce = nonce;
    }

    /** @throws IOException when the node cannot be asked */
    public static RpcAccount open(RpcClient rpc, KeyPair key) throws IOException, InterruptedException {
        return new RpcAccount(
                rpc,
                key,
                UInt256.fromHexString(rpc.call("eth_chainId").asText()),
                Long.decode(rpc.call("eth_getTransactionCount", key.address().toHex(), "pending")
                        .asText()));
    }

    public Address address() {
        return key.address();
    }

    public UInt256 chainId() {
        return chainId;
    }

    /**
     * What a transaction does.
     *
     * @param to absent: makes a contract
     */
    public record Action(Optional<Address> to, Bytes data, Wei value) {

        public static Action call(Address to, Bytes data) {
            return new Action(Optional.of(to), data, Wei.ZERO);
        }
    }

    /** Gas that the node expects it to take. */
    public long estimate(Action action) throws IOException, InterruptedException {
        return Long.decode(rpc.call("eth_estimateGas", call(action)).asText());
    }

    /**
     * Tries a transaction on the head without sending it.
     *
     * @throws IOException with the reason when it would revert
     */
    public void requireSuccess(Action action, long gas) throws IOException, InterruptedException {
        JsonNode _ = rpc.call("eth_call", call(action).put("gas", "0x" + Long.toHexString(gas)), "latest");
    }

    private ObjectNode call(Action action) {
        ObjectNode call = JsonNodeFactory.instance
                .objectNode()
                .put("from", address().toHex())
                .put("data", action.data().toHexString())
                .put("value", action.value().value().toQuantityHexString());
        action.to().ifPresent(target -> call.put("to", target.toHex()));
        return call;
    }

    /** Twice what the node suggests, so that a few full blocks do not outrun it. */
    public Wei gasPrice() throws IOException, InterruptedException {
        return Wei.of(UInt256.fromHexString(rpc.call("eth_gasPrice").asText())).times(2);
    }

    /** The next transaction, signed; the node does not know it yet. */
    public Transaction sign(Action action, long gas, Wei price) {
        UnsignedTransaction.Builder builder = UnsignedTransaction.of(TransactionType.FEE_MARKET)
                .chainId(chainId)
                .nonce(nonce++)
                .gasLimit(gas)
                .fees(price, Wei.of(1))
                .value(action.value())
                .data(action.data());
        action.to().ifPresent(builder::to);
        return builder.sign(key);
    }

    /** Sends a transaction and does not wait for a block with it. */
    public Hash send(Action action, long gas, Wei price) throws IOException, InterruptedException {
        return Hash.fromHex(rpc.call(
                        "eth_sendRawTransaction",
                        sign(action, gas, price).encoded().toHexString())
                .asText());
    }

    /**
     * Waits until the transaction is in a block.
     *
     * @return its receipt
     * @throws IOException when it failed, or is in no block for long
     */
    public JsonNode await(Hash transaction) throws IOException, InterruptedException {
        JsonNode receipt = rpc.awaitReceipt(transaction);
        if (!receipt.path("status").asText().equals("0x1")) {
            throw new IOException("transaction " + transaction + " failed: " + receipt);
        }
        return receipt;
    }

    /** Sends a transaction with the gas that it is expected to take, and waits until it is in a block. */
    public JsonNode run(Action action) throws IOException, InterruptedException {
        return await(send(action, estimate(action), gasPrice()));
    }
}
