package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.pool.PooledTransaction;
import io.engram.client.pool.TransactionPool;
import io.engram.genesis.Address;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What waits in the pool, in geth's shapes. */
final class TxpoolMethods {

    private final TransactionPool pool;
    private final TransactionView transactions;

    TxpoolMethods(TransactionPool pool, TransactionView transactions) {
        this.pool = pool;
        this.transactions = transactions;
    }

    void register(RpcRegistry registry) {
        registry.execution("txpool_content", parameters -> both(this::whole))
                .execution("txpool_contentFrom", this::contentFrom)
                .execution("txpool_inspect", parameters -> both(TxpoolMethods::summary))
                .cheap("txpool_status", parameters -> status());
    }

    private ObjectNode status() {
        ObjectNode json = Json.object();
        json.set("pending", RpcHex.quantity(count(pool.pending())));
        json.set("queued", RpcHex.quantity(count(pool.queued())));
        return json;
    }

    private JsonNode contentFrom(RpcParameters parameters) {
        Address sender = parameters.address(0, "address");
        ObjectNode json = Json.object();
        json.set("pending", byNonce(pool.pending().getOrDefault(sender, List.of()), this::whole));
        json.set("queued", byNonce(pool.queued().getOrDefault(sender, List.of()), this::whole));
        return json;
    }

    private static ObjectNode byNonce(List<PooledTransaction> held, Function<PooledTransaction, JsonNode> view) {
        ObjectNode json = Json.object();
        held.forEach(one -> json.set(Long.toUnsignedString(one.nonce()), view.apply(one)));
        return json;
    }

    private static int count(Map<Address, List<PooledTransaction>> transactions) {
        return transactions.values().stream().mapToInt(List::size).sum();
    }

    private ObjectNode both(Function<PooledTransaction, JsonNode> view) {
        ObjectNode json = Json.object();
        json.set("pending", bySender(pool.pending(), view));
        json.set("queued", bySender(pool.queued(), view));
        return json;
    }

    private static ObjectNode bySender(
            Map<Address, List<PooledTransaction>> transactions, Function<PooledTransaction, JsonNode> view) {
        ObjectNode json = Json.object();
        transactions.forEach((sender, held) -> json.set(sender.toChecksumHex(), byNonce(held, view)));
        return json;
    }

    private JsonNode whole(PooledTransaction held) {
        return transactions.pending(held.transaction(), held.sender());
    }

    private static JsonNode summary(PooledTransaction held) {
        String to = held.transaction().to().map(Address::toChecksumHex).orElse("contract creation");
        return Json.text(to + ": " + held.transaction().value() + " wei + "
                + held.transaction().gasLimitText() + " gas × "
                + held.transaction().maxFeePerGas() + " wei");
    }
}
