package io.engram.client.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.rpc.RpcClient;
import java.io.IOException;
import java.util.Optional;

/**
 * What a node says of itself.
 *
 * @param height of its head
 * @param round of the agreement on the next block; absent on a node that has no part in it
 * @param peers that are connected
 */
public record NodeStatus(long height, Optional<Long> round, long peers) {

    /**
     * Asks a node.
     *
     * @throws IOException when it does not answer
     */
    public static NodeStatus of(RpcClient rpc) throws IOException, InterruptedException {
        return new NodeStatus(quantity(rpc.call("eth_blockNumber")), round(rpc), quantity(rpc.call("net_peerCount")));
    }

    /** A node without peers or without QBFT has no such method, and one that has just started no answer yet. */
    private static Optional<Long> round(RpcClient rpc) throws IOException, InterruptedException {
        try {
            return Optional.of(quantity(rpc.call("qbft_getStatus").path("round")));
        } catch (RpcClient.RpcFailedException e) {
            return Optional.empty();
        }
    }

    private static long quantity(JsonNode value) {
        return Long.decode(value.asText());
    }
}
