package io.engram.client.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.rpc.RpcAccount;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.FunctionSelector;
import io.engram.genesis.crypto.Keccak256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** The Solidity classifier on a running chain, called by signed transactions over JSON-RPC. */
final class ClassifierContract {

    private static final Bytes CLASSIFY = FunctionSelector.of("classify(bytes)");
    private static final Hash CLASSIFIED =
            Keccak256.hash("Classified(address,uint256,bytes)".getBytes(StandardCharsets.US_ASCII));
    private static final int WORD = 32;

    /** The contract keeps the sender's last label: storing it may cost more than when the gas was estimated. */
    private static final long STORAGE_GAS = 25_000;

    private final RpcAccount sender;
    private final Address address;

    private ClassifierContract(RpcAccount sender, Address address) {
        this.sender = sender;
        this.address = address;
    }

    /** Deploys the contract for a model. */
    static ClassifierContract deploy(RpcAccount sender, Hash modelId) throws IOException, InterruptedException {
        Bytes code;
        try (InputStream in = DemoImages.resource("image-classifier.hex")) {
            code = Bytes.fromHexString(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
        JsonNode receipt = sender.run(
                new RpcAccount.Action(Optional.empty(), Bytes.concatenate(code, modelId.toBytes()), Wei.ZERO));
        return new ClassifierContract(
                sender, Address.fromHex(receipt.path("contractAddress").asText()));
    }

    Address address() {
        return address;
    }

    /**
     * Sends one image to be classified by a transaction.
     *
     * @return the transaction's hash
     */
    Hash send(byte[] image) throws IOException, InterruptedException {
        int padded = (image.length + WORD - 1) / WORD * WORD;
        RpcAccount.Action call = RpcAccount.Action.call(
                address,
                Bytes.concatenate(
                        CLASSIFY,
                        UInt256.valueOf(WORD).toBytes(),
                        UInt256.valueOf(image.length).toBytes(),
                        Bytes.wrap(image),
                        Bytes.wrap(new byte[padded - image.length])));
        return sender.send(call, sender.estimate(call) + STORAGE_GAS, sender.gasPrice());
    }

    /** The label in the event of a transaction, once a block holds it. */
    int label(Hash transaction) throws IOException, InterruptedException {
        JsonNode receipt = sender.await(transaction);
        for (JsonNode log : receipt.path("logs")) {
            JsonNode topics = log.path("topics");
            if (topics.size() == 3 && topics.get(0).asText().equals(CLASSIFIED.toHex())) {
                return UInt256.fromHexString(topics.get(2).asText()).intValue();
            }
        }
        throw new IOException("the transaction left no Classified event: " + receipt);
    }
}
