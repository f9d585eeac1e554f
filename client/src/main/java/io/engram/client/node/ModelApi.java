package io.engram.client.node;

import io.engram.client.chain.WorkCounts;
import io.engram.client.rpc.EthApi;
import io.engram.client.rpc.RpcRegistry;

/** The namespaces inference and model, on chains that have neural networks. */
public final class ModelApi {

    private ModelApi() {}

    public static void register(RpcRegistry registry, Node node, EthApi eth, WorkCounts work) {
        node.config().inference().ifPresent(config -> {
            new InferenceMethods(node, eth.view(), work).register(registry);
            new ModelMethods(node, eth.view(), config).register(registry);
        });
    }
}
