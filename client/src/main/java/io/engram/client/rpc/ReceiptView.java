package io.engram.client.rpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.evm.interpreter.ContractAddress;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Log;
import io.engram.genesis.block.LogsBloom;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import java.util.List;
import java.util.function.Function;

/** Receipts and logs as JSON. */
final class ReceiptView {

    private static final long GAS_PER_BLOB = 1L << 17;

    private final TransactionView transactions;
    private final Function<BlockHeader, Wei> blobFees;

    ReceiptView(TransactionView transactions, Function<BlockHeader, Wei> blobFees) {
        this.transactions = transactions;
        this.blobFees = blobFees;
    }

    ArrayNode all(ChainView.Located block, List<Transaction> body, List<Receipt> receipts) {
        ArrayNode array = Json.array();
        int firstLog = 0;
        for (int i = 0; i < receipts.size(); i++) {
            Transaction transaction = body.get(i);
            array.add(one(new ChainView.Mined(block, i, transaction), receipts, firstLog));
            firstLog += receipts.get(i).logs().size();
        }
        return array;
    }

    ObjectNode one(ChainView.Mined mined, List<Receipt> receipts) {
        int firstLog = 0;
        for (int i = 0; i < mined.index(); i++) {
            firstLog += receipts.get(i).logs().size();
        }
        return one(mined, receipts, firstLog);
    }

    private ObjectNode one(ChainView.Mined mined, List<Receipt> receipts, int firstLog) {
        Receipt receipt = receipts.get(mined.index());
        Transaction transaction = mined.transaction();
        Address sender = transactions.sender(transaction);
        long before = mined.index() == 0 ? 0 : receipts.get(mined.index() - 1).cumulativeGasUsed();
        ObjectNode json = Json.object();
        json.set("transactionHash", RpcHex.data(mined.transaction().hash()));
        json.set("transactionIndex", RpcHex.quantity(mined.index()));
        json.set("blockHash", RpcHex.data(mined.block().hash()));
        json.set("blockNumber", RpcHex.quantity(mined.block().number()));
        json.set("from", RpcHex.data(sender));
        json.set("to", Json.orNull(transaction.to(), RpcHex::data));
        json.set("type", RpcHex.quantity(transaction.type().code()));
        json.set("gasUsed", RpcHex.quantity(receipt.cumulativeGasUsed() - before));
        json.set("cumulativeGasUsed", RpcHex.quantity(receipt.cumulativeGasUsed()));
        json.set("effectiveGasPrice", RpcHex.quantity(TransactionView.effectiveGasPrice(mined)));
        boolean creates = transaction.to().isEmpty();
        json.set(
                "contractAddress",
                creates ? RpcHex.data(ContractAddress.of(sender, transaction.nonce())) : Json.none());
        ArrayNode logs = json.putArray("logs");
        for (int i = 0; i < receipt.logs().size(); i++) {
            logs.add(log(
                    receipt.logs().get(i), mined.block(), mined.transaction().hash(), mined.index(), firstLog + i));
        }
        json.set("logsBloom", RpcHex.data(LogsBloom.of(receipt.logs())));
        if (receipt.stateRoot().isPresent()) {
            json.set("root", RpcHex.data(receipt.stateRoot().get()));
        } else {
            json.set("status", RpcHex.quantity(receipt.succeeded() ? 1 : 0));
        }
        if (transaction.type() == TransactionType.BLOB) {
            json.set(
                    "blobGasUsed",
                    RpcHex.quantity(
                            GAS_PER_BLOB * transaction.blobVersionedHashes().size()));
            json.set(
                    "blobGasPrice", RpcHex.quantity(blobFees.apply(mined.block().header())));
        }
        return json;
    }

    static ObjectNode log(Log log, ChainView.Located block, Hash transactionHash, int transactionIndex, int logIndex) {
        ObjectNode json = Json.object();
        json.set("address", RpcHex.data(log.address()));
        json.set("topics", Json.array(log.topics(), RpcHex::data));
        json.set("data", RpcHex.data(log.data()));
        json.set("blockHash", RpcHex.data(block.hash()));
        json.set("blockNumber", RpcHex.quantity(block.number()));
        json.set("blockTimestamp", RpcHex.quantity(block.header().timestamp()));
        json.set("transactionHash", RpcHex.data(transactionHash));
        json.set("transactionIndex", RpcHex.quantity(transactionIndex));
        json.set("logIndex", RpcHex.quantity(logIndex));
        json.put("removed", false);
        return json;
    }
}
