package io.engram.client.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.chain.Transition;
import io.engram.evm.interpreter.ContractAddress;
import io.engram.evm.memory.MemoryState;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Log;
import io.engram.genesis.block.LogsBloom;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.block.ReceiptCodec;
import io.engram.genesis.block.Requests;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.fork.BlobGas;
import io.engram.genesis.fork.BlobSchedule;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionCodec;
import io.engram.genesis.transaction.TransactionType;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;

/** What the transition tool writes. */
final class ToolOutput {

    private final BlockHeader header;
    private final Fork fork;
    private final BlobSchedule blobs;

    ToolOutput(BlockHeader header, Fork fork, BlobSchedule blobs) {
        this.header = header;
        this.fork = fork;
        this.blobs = blobs;
    }

    /** Accounts by address; what is zero or empty is left out, but for the balance. */
    static ObjectNode alloc(MemoryState state) {
        ObjectNode alloc = JsonNodeFactory.instance.objectNode();
        state.accounts().forEach((address, account) -> {
            ObjectNode json = alloc.putObject(address.toHex());
            if (account.hasCode()) {
                json.put("code", state.code(account.codeHash()).toHexString());
            }
            if (state.hasStorage(address)) {
                ObjectNode storage = json.putObject("storage");
                state.slots(address).entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .forEachOrdered(slot -> storage.put(
                                slot.getKey().toHexString(), slot.getValue().toHexString()));
            }
            json.put("balance", quantity(account.balance()));
            if (account.nonce() != 0) {
                json.put("nonce", quantity(account.nonce()));
            }
        });
        return alloc;
    }

    static Bytes body(List<Transaction> transactions) {
        return RlpWriter.list(out -> transactions.forEach(one -> TransactionCodec.writeTo(out, one)));
    }

    ObjectNode result(Hash stateRoot, Transition.Output output) {
        List<Receipt> receipts = output.result().receipts();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("stateRoot", stateRoot.toHex());
        json.put("txRoot", output.transactionsRoot().toHex());
        json.put("receiptsRoot", output.receiptsRoot().toHex());
        json.put("logsHash", logsHash(receipts).toHex());
        json.put("logsBloom", LogsBloom.ofReceipts(receipts).toHexString());
        ArrayNode array = json.putArray("receipts");
        long before = 0;
        for (int i = 0; i < receipts.size(); i++) {
            receipt(array.addObject(), output.included().get(i), receipts.get(i), before, i);
            before = receipts.get(i).cumulativeGasUsed();
        }
        if (!output.rejected().isEmpty()) {
            ArrayNode rejected = json.putArray("rejected");
            output.rejected()
                    .forEach(one ->
                            rejected.addObject().put("index", one.index()).put("error", one.reason()));
        }
        if (fork.isAtLeast(Fork.PARIS)) {
            json.putNull("currentDifficulty");
        } else {
            json.put("currentDifficulty", header.difficulty().toQuantityHexString());
        }
        json.put("gasUsed", quantity(output.result().gasUsed()));
        header.baseFee().ifPresent(fee -> json.put("currentBaseFee", quantity(fee)));
        return json;
    }

    /** The fields that came with Shanghai, Cancun and Prague. */
    void addLater(ObjectNode json, Transition.Output output, Hash withdrawalsRoot) {
        if (fork.isAtLeast(Fork.SHANGHAI)) {
            json.put("withdrawalsRoot", withdrawalsRoot.toHex());
        }
        header.excessBlobGas().ifPresent(excess -> {
            json.put("currentExcessBlobGas", quantity(excess));
            json.put("blobGasUsed", quantity(output.result().blobGasUsed()));
        });
        output.result().requests().ifPresent(requests -> {
            json.put("requestsHash", Requests.hash(requests).toHex());
            ArrayNode array = json.putArray("requests");
            requests.stream()
                    .filter(request -> request.size() > 1)
                    .forEach(request -> array.add(request.toHexString()));
        });
    }

    private static Hash logsHash(List<Receipt> receipts) {
        return Keccak256.hash(RlpWriter.list(out ->
                receipts.forEach(receipt -> receipt.logs().forEach(log -> ReceiptCodec.writeLog(out, log)))));
    }

    private void receipt(ObjectNode json, Transaction transaction, Receipt receipt, long before, int index) {
        if (transaction.type().isTyped()) {
            json.put("type", quantity(transaction.type().code()));
        }
        json.put("root", receipt.stateRoot().map(Hash::toHex).orElse("0x"));
        json.put("status", receipt.succeeded() ? "0x1" : "0x0");
        json.put("cumulativeGasUsed", quantity(receipt.cumulativeGasUsed()));
        json.put("logsBloom", LogsBloom.of(receipt.logs()).toHexString());
        ArrayNode logs = json.putArray("logs");
        receipt.logs().forEach(log -> log(logs.addObject(), log, transaction, index));
        json.put("transactionHash", transaction.hash().toHex());
        Address sender = transaction.sender().orElseThrow();
        json.put(
                "contractAddress",
                transaction.to().isPresent()
                        ? "0x0000000000000000000000000000000000000000"
                        : ContractAddress.of(sender, transaction.nonce()).toHex());
        json.put("gasUsed", quantity(receipt.cumulativeGasUsed() - before));
        json.put(
                "effectiveGasPrice",
                quantity(transaction.effectiveGasPrice(header.baseFee().orElse(Wei.ZERO))));
        if (transaction.type() == TransactionType.BLOB) {
            json.put(
                    "blobGasUsed",
                    quantity(BlobGas.GAS_PER_BLOB
                            * transaction.blobVersionedHashes().size()));
            json.put(
                    "blobGasPrice",
                    quantity(BlobGas.baseFee(header.excessBlobGas().orElse(0L), blobs)));
        }
        json.put("blockHash", Hash.ZERO.toHex());
        json.put("transactionIndex", quantity(index));
    }

    private void log(ObjectNode json, Log log, Transaction transaction, int index) {
        json.put("address", log.address().toHex());
        ArrayNode topics = json.putArray("topics");
        log.topics().forEach(topic -> topics.add(topic.toHex()));
        json.put("data", log.data().toHexString());
        json.put("blockNumber", quantity(header.number()));
        json.put("transactionHash", transaction.hash().toHex());
        json.put("transactionIndex", quantity(index));
        json.put("blockHash", Hash.ZERO.toHex());
        json.put("removed", false);
    }

    private static String quantity(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static String quantity(Wei value) {
        return value.value().toQuantityHexString();
    }
}
