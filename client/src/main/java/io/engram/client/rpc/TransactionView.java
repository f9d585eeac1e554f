package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.transaction.AccessListEntry;
import io.engram.genesis.transaction.Authorization;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionCodec;
import io.engram.genesis.transaction.TransactionType;
import org.apache.tuweni.units.bigints.UInt256;

/** Transactions as JSON. */
final class TransactionView {

    private final SenderLookup senders;

    TransactionView(SenderLookup senders) {
        this.senders = senders;
    }

    Address sender(Transaction transaction) {
        return senders.sender(transaction);
    }

    ObjectNode mined(ChainView.Mined mined) {
        ObjectNode json = common(mined.transaction(), sender(mined.transaction()));
        json.set("blockHash", RpcHex.data(mined.block().hash()));
        json.set("blockNumber", RpcHex.quantity(mined.block().number()));
        json.set("transactionIndex", RpcHex.quantity(mined.index()));
        json.set("gasPrice", RpcHex.quantity(effectiveGasPrice(mined)));
        return json;
    }

    /** In the pool: block fields are null. */
    ObjectNode pending(Transaction transaction, Address sender) {
        ObjectNode json = common(transaction, sender);
        json.putNull("blockHash").putNull("blockNumber").putNull("transactionIndex");
        json.set("gasPrice", RpcHex.quantity(transaction.maxFeePerGas()));
        return json;
    }

    private static ObjectNode common(Transaction transaction, Address sender) {
        ObjectNode json = Json.object();
        json.set("hash", RpcHex.data(transaction.hash()));
        json.set("type", RpcHex.quantity(transaction.type().code()));
        json.set("nonce", RpcHex.quantity(transaction.nonce()));
        json.set("from", RpcHex.data(sender));
        json.set("to", Json.orNull(transaction.to(), RpcHex::data));
        json.set("value", RpcHex.quantity(transaction.value()));
        json.set("gas", RpcHex.quantity(transaction.gasLimit()));
        json.set("input", RpcHex.data(transaction.data()));
        transaction.chainId().ifPresent(id -> json.set("chainId", RpcHex.quantity(id)));
        if (transaction.type() != TransactionType.LEGACY) {
            json.set("accessList", Json.array(transaction.accessList(), TransactionView::accessListEntry));
        }
        if (transaction.type().code() >= TransactionType.FEE_MARKET.code()) {
            json.set("maxFeePerGas", RpcHex.quantity(transaction.maxFeePerGas()));
            json.set("maxPriorityFeePerGas", RpcHex.quantity(transaction.maxPriorityFeePerGas()));
        }
        if (transaction.type() == TransactionType.BLOB) {
            transaction.maxFeePerBlobGas().ifPresent(fee -> json.set("maxFeePerBlobGas", RpcHex.quantity(fee)));
            json.set("blobVersionedHashes", Json.array(transaction.blobVersionedHashes(), RpcHex::data));
        }
        if (transaction.type() == TransactionType.SET_CODE) {
            json.set("authorizationList", Json.array(transaction.authorizations(), TransactionView::authorization));
        }
        addSignature(json, transaction);
        return json;
    }

    private static void addSignature(ObjectNode json, Transaction transaction) {
        int parity = transaction.signature().yParity();
        if (transaction.type() == TransactionType.LEGACY) {
            json.set("v", RpcHex.quantity(TransactionCodec.legacyV(transaction.chainId(), transaction.signature())));
        } else {
            json.set("v", RpcHex.quantity(parity));
            json.set("yParity", RpcHex.quantity(parity));
        }
        json.set("r", number(transaction.signature().r()));
        json.set("s", number(transaction.signature().s()));
    }

    private static JsonNode number(Hash word) {
        return RpcHex.quantity(UInt256.fromBytes(word.toBytes()));
    }

    static ObjectNode accessListEntry(AccessListEntry entry) {
        ObjectNode json = Json.object();
        json.set("address", RpcHex.data(entry.address()));
        ArrayNode keys = json.putArray("storageKeys");
        entry.slots().forEach(slot -> keys.add(slot.toHex()));
        return json;
    }

    private static ObjectNode authorization(Authorization authorization) {
        ObjectNode json = Json.object();
        json.set("chainId", RpcHex.quantity(authorization.chainId()));
        json.set("address", RpcHex.data(authorization.address()));
        json.set("nonce", RpcHex.quantity(authorization.nonce()));
        json.set("yParity", RpcHex.quantity(authorization.yParity()));
        json.set("r", number(authorization.r()));
        json.set("s", number(authorization.s()));
        return json;
    }

    static Wei effectiveGasPrice(ChainView.Mined mined) {
        return mined.transaction()
                .effectiveGasPrice(mined.block().header().baseFee().orElse(Wei.ZERO));
    }
}
