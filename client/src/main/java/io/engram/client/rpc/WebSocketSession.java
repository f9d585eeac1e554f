package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One WebSocket connection: every message is a request or batch; eth_subscribe works here only. */
final class WebSocketSession {

    static final RpcRegistry NO_METHODS = new RpcRegistry();

    private static final short POLICY_VIOLATION = 1008;

    private final ServerWebSocket socket;
    private final RpcDispatcher dispatcher;
    private final RpcExecutor executor;
    private final SubscriptionHub hub;
    private final Set<String> subscriptions = ConcurrentHashMap.newKeySet();
    private final RpcRegistry methods = new RpcRegistry();

    private WebSocketSession(
            ServerWebSocket socket, RpcDispatcher dispatcher, RpcExecutor executor, SubscriptionHub hub) {
        this.socket = socket;
        this.dispatcher = dispatcher;
        this.executor = executor;
        this.hub = hub;
    }

    static void open(ServerWebSocket socket, RpcDispatcher dispatcher, RpcExecutor executor, SubscriptionHub hub) {
        WebSocketSession session = new WebSocketSession(socket, dispatcher, executor, hub);
        session.methods.cheap("eth_subscribe", session::subscribe).cheap("eth_unsubscribe", session::unsubscribe);
        socket.setWriteQueueMaxSize(RpcLimits.SUBSCRIPTION_QUEUE_BYTES);
        socket.textMessageHandler(text -> session.serve(text.getBytes(StandardCharsets.UTF_8)));
        socket.binaryMessageHandler(bytes -> session.serve(bytes.getBytes()));
        socket.exceptionHandler(e -> session.end());
        socket.closeHandler(closed -> session.end());
    }

    private JsonNode subscribe(RpcParameters parameters) {
        if (subscriptions.size() >= RpcLimits.SUBSCRIPTIONS) {
            throw new RpcException(
                    RpcErrorCode.LIMIT_EXCEEDED, "limit of " + RpcLimits.SUBSCRIPTIONS + " subscriptions reached");
        }
        String id = hub.subscribe(SubscriptionHub.parse(parameters), this::send);
        subscriptions.add(id);
        return Json.text(id);
    }

    private JsonNode unsubscribe(RpcParameters parameters) {
        String id = parameters.text(0, "subscription");
        return Json.bool(subscriptions.remove(id) && hub.unsubscribe(id));
    }

    private void serve(byte[] message) {
        RpcDispatcher.Parsed parsed = dispatcher.parse(message);
        if (dispatcher.isCheap(parsed, methods)) {
            dispatcher.answer(parsed, methods).ifPresent(this::send);
            return;
        }
        boolean accepted =
                executor.submit(() -> dispatcher.answer(parsed, methods).ifPresent(this::send));
        if (!accepted) {
            send(RpcDispatcher.error(Json.none(), new RpcException(RpcErrorCode.RESOURCE_UNAVAILABLE, "server busy")));
        }
    }

    private void send(byte[] message) {
        if (socket.isClosed()) {
            return;
        }
        if (socket.writeQueueFull()) {
            socket.close(POLICY_VIOLATION, "client does not read");
            return;
        }
        socket.writeTextMessage(new String(message, StandardCharsets.UTF_8));
    }

    private void end() {
        subscriptions.forEach(hub::unsubscribe);
        subscriptions.clear();
    }
}
