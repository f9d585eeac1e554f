package io.engram.client.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** The Solidity classifier on a running chain, called by signed transactions over JSON-RPC. */
final class ClassifierContract {

    private static final Bytes CLASSIFY = Keccak256.hash("classify(bytes)".getBytes(StandardCharsets.US_ASCII))
            .toBytes()
            .slice(0, 4);
    private static final Hash CLASSIFIED =
            Keccak256.hash("Classified(address,uint256,bytes)".getBytes(StandardCharsets.US_ASCII));
    private static final int WORD = 32;

    private final JsonRpcClient rpc;
    private final KeyPair sender;
    private final UInt256 chainId;
    private final Address address;

    private ClassifierContract(JsonRpcClient rpc, KeyPair sender, UInt256 chainId, Address address) {
        this.rpc = rpc;
        this.sender = sender;
        this.chainId = chainId;
        this.address = address;
    }

    /** Deploys the contract for a model. */
    static ClassifierContract deploy(JsonRpcClient rpc, KeyPair sender, Hash modelId)
            throws IOException, InterruptedException {
        UInt256 chainId = UInt256.fromHexString(rpc.call("eth_chainId").asText());
        Bytes code;
        try (InputStream in = DemoImages.resource("image-classifier.hex")) {
            code = Bytes.fromHexString(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
        JsonNode receipt = send(rpc, sender, chainId, Optional.empty(), Bytes.concatenate(code, modelId.toBytes()));
        return new ClassifierContract(
                rpc,
                sender,
                chainId,
                Address.fromHex(receipt.path("contractAddress").asText()));
    }

    Address address() {
        return address;
    }

    /**
     * Classifies one image by a transaction.
     *
     * @return the label in the contract's event
     */
    int classify(byte[] image) throws IOException, InterruptedException {
        int padded = (image.length + WORD - 1) / WORD * WORD;
        Bytes data = Bytes.concatenate(
                CLASSIFY,
                UInt256.valueOf(WORD).toBytes(),
                UInt256.valueOf(image.length).toBytes(),
                Bytes.wrap(image),
                Bytes.wrap(new byte[padded - image.length]));
        JsonNode receipt = send(rpc, sender, chainId, Optional.of(address), data);
        for (JsonNode log : receipt.path("logs")) {
            JsonNode topics = log.path("topics");
            if (topics.size() == 3 && topics.get(0).asText().equals(CLASSIFIED.toHex())) {
                return UInt256.fromHexString(topics.get(2).asText()).intValue();
            }
        }
        throw new IOException("the transaction left no Classified event: " + receipt);
    }

    private static JsonNode send(JsonRpcClient rpc, KeyPair sender, UInt256 chainId, Optional<Address> to, Bytes data)
            throws IOException, InterruptedException {
        ObjectNode call = JsonNodeFactory.instance
                .objectNode()
                .put("from", sender.address().toHex())
                .put("data", data.toHexString());
        to.ifPresent(target -> call.put("to", target.toHex()));
        long gas = Long.decode(rpc.call("eth_estimateGas", call).asText());
        long nonce =
                Long.decode(rpc.call("eth_getTransactionCount", sender.address().toHex(), "pending")
                        .asText());
        Wei price =
                Wei.of(UInt256.fromHexString(rpc.call("eth_gasPrice").asText())).times(2);
        UnsignedTransaction.Builder builder = UnsignedTransaction.of(TransactionType.FEE_MARKET)
                .chainId(chainId)
                .nonce(nonce)
                .gasLimit(gas)
                .fees(price, Wei.of(1))
                .data(data);
        to.ifPresent(builder::to);
        String hash = rpc.call(
                        "eth_sendRawTransaction", builder.sign(sender).encoded().toHexString())
                .asText();
        JsonNode receipt = rpc.call("eth_getTransactionReceipt", hash);
        if (!receipt.path("status").asText().equals("0x1")) {
            throw new IOException("transaction " + hash + " failed: " + receipt);
        }
        return receipt;
    }
}
