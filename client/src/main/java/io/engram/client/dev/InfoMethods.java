package io.engram.client.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.chain.Blockchain;
import io.engram.client.chain.ChainStore;
import io.engram.client.consensus.BlockProducer;
import io.engram.client.node.ClientVersion;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcErrorCode;
import io.engram.client.rpc.RpcException;
import io.engram.client.rpc.RpcHex;
import io.engram.client.rpc.RpcMethod;
import io.engram.client.rpc.RpcRegistry;
import io.engram.inference.MalformedModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** What tools ask a development network about itself, and the settings that QBFT's fixed values leave no room for. */
final class InfoMethods {

    private final Blockchain chain;
    private final BlockProducer producer;
    private final GasLimitOverride gasLimit;

    InfoMethods(Blockchain chain, BlockProducer producer, GasLimitOverride gasLimit) {
        this.chain = chain;
        this.producer = producer;
        this.gasLimit = gasLimit;
    }

    void register(RpcRegistry registry) {
        registry.cheap("anvil_nodeInfo", parameters -> nodeInfo());
        for (String namespace : List.of("anvil_", "hardhat_")) {
            registry.cheap(namespace + "metadata", parameters -> metadata())
                    .cheap(namespace + "setLoggingEnabled", parameters -> Json.bool(true))
                    .cheap(namespace + "setNextBlockBaseFeePerGas", unsupported("the base fee follows from the parent"))
                    .cheap(namespace + "setCoinbase", unsupported("the coinbase of a QBFT block is its proposer"))
                    .cheap(namespace + "setPrevRandao", unsupported("QBFT blocks have a fixed mix hash"));
        }
    }

    private static RpcMethod unsupported(String reason) {
        return parameters -> {
            throw new RpcException(RpcErrorCode.METHOD_NOT_SUPPORTED, "not supported: " + reason);
        };
    }

    private ObjectNode nodeInfo() {
        ChainStore.Head head = chain.head();
        ObjectNode json = Json.object();
        json.set("currentBlockNumber", RpcHex.quantity(head.number()));
        json.put("currentBlockTimestamp", head.header().timestamp());
        json.set("currentBlockHash", RpcHex.data(head.hash()));
        json.put("hardFork", "osaka");
        json.put("transactionOrder", "fees");
        ObjectNode environment = json.putObject("environment");
        head.header().baseFee().ifPresent(fee -> environment.set("baseFee", RpcHex.quantity(fee)));
        environment.put("chainId", chain.rules().chainId().toLong());
        environment.set(
                "gasLimit", RpcHex.quantity(gasLimit.get().orElse(head.header().gasLimit())));
        json.putObject("forkConfig");
        json.put("automine", producer.mode() instanceof BlockProducer.Mode.Instant);
        return json;
    }

    private ObjectNode metadata() {
        ChainStore.Head head = chain.head();
        ObjectNode json = Json.object();
        json.put("clientVersion", ClientVersion.text());
        json.put("chainId", chain.rules().chainId().toLong());
        json.put(
                "instanceId", chain.store().canonicalHash(0).orElse(head.hash()).toHex());
        json.put("latestBlockNumber", head.number());
        json.put("latestBlockHash", head.hash().toHex());
        return json;
    }

    /** model_publish: the id of the model, which is active when this returns. */
    static JsonNode published(DevNode dev, Bytes file) {
        try {
            return RpcHex.data(dev.publish(file.toArray()).id());
        } catch (MalformedModelException e) {
            throw RpcException.invalidParameter("model", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
