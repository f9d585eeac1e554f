package io.engram.client.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.chain.Blockchain;
import io.engram.client.chain.ChainStore;
import io.engram.client.consensus.BlockProducer;
import io.engram.client.node.ClientVersion;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcHex;
import io.engram.client.rpc.RpcRegistry;
import java.util.List;

/** What tools ask a development network about itself, and the settings that QBFT's fixed values leave no room for. */
final class InfoMethods {

    private final Blockchain chain;
    private final BlockProducer producer;
    private final NextBlock nextBlock;

    InfoMethods(Blockchain chain, BlockProducer producer, NextBlock nextBlock) {
        this.chain = chain;
        this.producer = producer;
        this.nextBlock = nextBlock;
    }

    void register(RpcRegistry registry) {
        registry.cheap("anvil_nodeInfo", parameters -> nodeInfo());
        for (String namespace : List.of("anvil_", "hardhat_")) {
            registry.cheap(namespace + "metadata", parameters -> metadata())
                    .cheap(namespace + "setLoggingEnabled", parameters -> Json.bool(true));
        }
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
                "gasLimit",
                RpcHex.quantity(nextBlock.get().gasLimit().orElse(head.header().gasLimit())));
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
}
