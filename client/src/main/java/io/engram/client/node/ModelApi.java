package io.engram.client.node;

import io.engram.client.chain.WorkCounts;
import io.engram.client.exchange.ModelExchange;
import io.engram.client.rpc.EthApi;
import io.engram.client.rpc.RpcRegistry;
import java.util.Optional;

/** The namespaces inference and model, on chains that have neural networks. */
public final class ModelApi {

    private ModelApi() {}

    /** @param exchange absent where models do not travel */
    public static void register(
            RpcRegistry registry, Node node, EthApi eth, WorkCounts work, Optional<ModelExchange> exchange) {
        node.config().inference().ifPresent(config -> {
            new InferenceMethods(node, eth.view(), work, config).register(registry);
            new ModelMethods(node, eth.view(), config, exchange).register(registry);
            exchange.ifPresent(part -> {
                new SharingMethods(node.models(), part).register(registry);
                new SuspensionMethods(part).register(registry);
            });
        });
    }
}
