package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Who wants to hear of new heads, logs and pending transactions. Events come from the thread that writes blocks; sinks
 * must not block. Thread-safe.
 */
public final class SubscriptionHub {

    /** What a subscription delivers. */
    public sealed interface Topic {
        record NewHeads() implements Topic {}

        /** @param filter as in eth_getLogs; its block range is ignored */
        record Logs(LogFilter filter) implements Topic {}

        /** @param full whole transactions in place of hashes */
        record NewPendingTransactions(boolean full) implements Topic {}
    }

    private record Subscription(Topic topic, Consumer<byte[]> sink) {}

    private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final AtomicLong nextId = new AtomicLong(1);

    /**
     * Adds a subscription.
     *
     * @param sink takes whole JSON-RPC notifications
     * @return its id
     */
    public String subscribe(Topic topic, Consumer<byte[]> sink) {
        String id = RpcHex.quantityText(nextId.getAndIncrement());
        subscriptions.put(id, new Subscription(topic, sink));
        return id;
    }

    public boolean unsubscribe(String id) {
        return subscriptions.remove(id) != null;
    }

    public boolean isEmpty() {
        return subscriptions.isEmpty();
    }

    /**
     * Delivers an event.
     *
     * @param view what a subscriber of this topic gets; empty for nothing
     */
    public void publish(Function<Topic, Iterable<JsonNode>> view) {
        subscriptions.forEach((id, subscription) -> {
            for (JsonNode result : view.apply(subscription.topic())) {
                subscription.sink().accept(notification(id, result));
            }
        });
    }

    /** Reads the parameters of eth_subscribe. */
    static Topic parse(RpcParameters parameters) {
        String name = parameters.text(0, "subscription");
        Optional<JsonNode> option = parameters.optional(1);
        return switch (name) {
            case "newHeads" -> new Topic.NewHeads();
            case "logs" -> new Topic.Logs(LogFilter.parse(option.orElseGet(Json::object), "filter"));
            case "newPendingTransactions" ->
                new Topic.NewPendingTransactions(
                        option.map(full -> RpcValues.flag(full, "full")).orElse(false));
            default ->
                throw RpcException.invalidParameter(
                        "subscription", "expected newHeads, logs or newPendingTransactions");
        };
    }

    private static byte[] notification(String id, JsonNode result) {
        ObjectNode message = Json.object().put("jsonrpc", "2.0").put("method", "eth_subscription");
        ObjectNode params = message.putObject("params").put("subscription", id);
        params.set("result", result);
        return RpcDispatcher.bytes(message);
    }
}
