package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.pool.AddResult;
import io.engram.client.pool.PooledTransaction;
import io.engram.client.pool.TransactionPool;
import io.engram.genesis.Hash;
import io.engram.genesis.transaction.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Sending and finding transactions. */
public final class EthTransactionMethods {

    private final ChainView chain;
    private final TransactionPool pool;
    private final TransactionView transactions;
    private final ReceiptView receipts;
    private final Consumer<AddResult.Added> afterSend;

    /** @param afterSend called when the pool has taken a transaction, before the caller gets its hash */
    EthTransactionMethods(
            ChainView chain,
            TransactionPool pool,
            TransactionView transactions,
            ReceiptView receipts,
            Consumer<AddResult.Added> afterSend) {
        this.chain = chain;
        this.pool = pool;
        this.transactions = transactions;
        this.receipts = receipts;
        this.afterSend = afterSend;
    }

    void register(RpcRegistry registry) {
        registry.execution("eth_sendRawTransaction", this::sendRaw)
                .cheap("eth_getTransactionByHash", this::byHash)
                .cheap("eth_getRawTransactionByHash", this::rawByHash)
                .cheap(
                        "eth_getTransactionByBlockHashAndIndex",
                        parameters ->
                                byIndex(new BlockReference.ByHash(parameters.hash(0, "blockHash"), false), parameters))
                .cheap(
                        "eth_getTransactionByBlockNumberAndIndex",
                        parameters -> byIndex(parameters.requiredBlock(0), parameters))
                .execution("eth_getTransactionReceipt", this::receipt);
    }

    private JsonNode sendRaw(RpcParameters parameters) {
        AddResult result = pool.addRaw(parameters.data(0, "transaction"));
        return RpcHex.data(accepted(result, afterSend));
    }

    /** The hash of a transaction that the pool took, or its refusal as an error. */
    public static Hash accepted(AddResult result, Consumer<AddResult.Added> afterSend) {
        return switch (result) {
            case AddResult.Added added -> {
                afterSend.accept(added);
                yield added.transaction().hash();
            }
            case AddResult.Refused refused -> throw RefusalErrors.of(refused.refusal());
        };
    }

    private JsonNode byHash(RpcParameters parameters) {
        Hash hash = parameters.hash(0, "transactionHash");
        Optional<JsonNode> mined = chain.transaction(hash).map(transactions::mined);
        return mined.or(() ->
                        pool.transaction(hash).map(held -> transactions.pending(held.transaction(), held.sender())))
                .orElseGet(Json::none);
    }

    private JsonNode rawByHash(RpcParameters parameters) {
        Hash hash = parameters.hash(0, "transactionHash");
        Optional<Transaction> found = chain.transaction(hash)
                .map(ChainView.Mined::transaction)
                .or(() -> pool.transaction(hash).map(PooledTransaction::transaction));
        return Json.orNull(found, transaction -> RpcHex.data(transaction.encoded()));
    }

    private JsonNode byIndex(BlockReference reference, RpcParameters parameters) {
        int index = parameters.index(1, "index");
        Optional<ChainView.Located> block = chain.find(reference);
        if (block.isEmpty()) {
            return Json.none();
        }
        List<Transaction> body = chain.body(block.get()).transactions();
        return index < body.size()
                ? transactions.mined(new ChainView.Mined(block.get(), index, body.get(index)))
                : Json.none();
    }

    private JsonNode receipt(RpcParameters parameters) {
        Optional<ChainView.Mined> mined = chain.transaction(parameters.hash(0, "transactionHash"));
        return Json.orNull(mined, found -> receipts.one(found, chain.receipts(found.block())));
    }
}
