package io.engram.client.rpc;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocketHandshake;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JSON-RPC over HTTP POST and WebSocket on one port, and {@code GET /liveness}. Every POST is answered with a JSON-RPC
 * body; notifications with 204.
 */
public final class RpcServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);
    private static final long START_SECONDS = 30;
    private static final long STOP_SECONDS = 10;

    private final RpcServerOptions options;
    private final RpcDispatcher dispatcher;
    private final RpcExecutor executor;
    private final SubscriptionHub subscriptions;
    private final Vertx vertx;
    private final HttpServer server;
    private final AtomicInteger connections = new AtomicInteger();

    private RpcServer(
            RpcServerOptions options, RpcDispatcher dispatcher, RpcExecutor executor, SubscriptionHub subscriptions) {
        this.options = options;
        this.dispatcher = dispatcher;
        this.executor = executor;
        this.subscriptions = subscriptions;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(Math.max(1, Runtime.getRuntime().availableProcessors()))
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1));
        this.server = vertx.createHttpServer(new HttpServerOptions()
                .setIdleTimeout(RpcLimits.IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setCompressionSupported(false)
                .setTcpNoDelay(true)
                .setMaxWebSocketFrameSize(RpcLimits.BODY_BYTES)
                .setMaxWebSocketMessageSize(RpcLimits.BODY_BYTES));
    }

    /**
     * Starts listening.
     *
     * @throws IOException when the port cannot be had
     */
    public static RpcServer start(
            RpcServerOptions options, RpcRegistry registry, RpcExecutor executor, SubscriptionHub subscriptions)
            throws IOException {
        RpcServer server =
                new RpcServer(options, new RpcDispatcher(registry, options.requestSeconds()), executor, subscriptions);
        server.listen();
        return server;
    }

    private void listen() throws IOException {
        server.requestHandler(this::handle);
        server.webSocketHandshakeHandler(this::handshake);
        server.webSocketHandler(socket -> WebSocketSession.open(socket, dispatcher, executor, subscriptions));
        server.connectionHandler(connection -> {
            if (connections.incrementAndGet() > RpcLimits.CONNECTIONS) {
                connection.close();
            }
            connection.closeHandler(closed -> connections.decrementAndGet());
        });
        try {
            server.listen(options.port(), options.host())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            close();
            throw new IOException(
                    "JSON-RPC cannot listen on " + options.host() + ":" + options.port() + ": " + cause.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while JSON-RPC started", e);
        }
    }

    /** The port in use, also when 0 was asked for. */
    public int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("JSON-RPC did not stop cleanly", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void handshake(ServerWebSocketHandshake handshake) {
        String host = handshake.authority() == null ? "" : handshake.authority().host();
        Optional<String> origin = Optional.ofNullable(handshake.headers().get("Origin"));
        if (options.allowsHost(host) && origin.map(options::allowsOrigin).orElse(true)) {
            handshake.accept();
        } else {
            handshake.reject(403);
        }
    }

    private void handle(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        request.exceptionHandler(e -> LOG.debug("connection lost while reading a request", e));
        response.exceptionHandler(e -> LOG.debug("connection lost while answering", e));
        String host = request.authority() == null ? "" : request.authority().host();
        if (!options.allowsHost(host)) {
            refuse(response, 403, "host " + host + " is not allowed");
            return;
        }
        addCorsHeaders(request, response);
        if (HttpMethod.OPTIONS.equals(request.method())) {
            response.setStatusCode(204).end();
        } else if (HttpMethod.POST.equals(request.method())) {
            readBody(request);
        } else if (HttpMethod.GET.equals(request.method()) && request.path().equals("/liveness")) {
            response.putHeader("Content-Type", "application/json").end("{\"status\":\"UP\"}");
        } else {
            response.putHeader("Allow", "POST, OPTIONS");
            refuse(response, 405, "use POST");
        }
    }

    private void addCorsHeaders(HttpServerRequest request, HttpServerResponse response) {
        String origin = request.getHeader("Origin");
        if (origin == null || !options.allowsOrigin(origin)) {
            return;
        }
        response.putHeader("Access-Control-Allow-Origin", options.corsOrigins().contains("*") ? "*" : origin);
        response.putHeader("Vary", "Origin");
        if (HttpMethod.OPTIONS.equals(request.method())) {
            response.putHeader("Access-Control-Allow-Methods", "POST, GET, OPTIONS");
            String asked = request.getHeader("Access-Control-Request-Headers");
            response.putHeader("Access-Control-Allow-Headers", asked == null ? "content-type" : asked);
            response.putHeader("Access-Control-Max-Age", "600");
            if (request.getHeader("Access-Control-Request-Private-Network") != null) {
                response.putHeader("Access-Control-Allow-Private-Network", "true");
            }
        }
    }

    private void readBody(HttpServerRequest request) {
        BodyReader reader = new BodyReader(request);
        request.handler(reader::add);
        request.endHandler(end -> reader.finish());
    }

    /** Collects a body up to the limit and reads a longer one to its end without keeping it. */
    private final class BodyReader {
        private final HttpServerRequest request;
        private Buffer body = Buffer.buffer();
        private long received;

        BodyReader(HttpServerRequest request) {
            this.request = request;
        }

        void add(Buffer chunk) {
            received += chunk.length();
            if (received <= RpcLimits.BODY_BYTES) {
                body.appendBuffer(chunk);
            } else if (received > RpcLimits.DRAIN_BYTES) {
                request.connection().close();
            } else {
                body = Buffer.buffer();
            }
        }

        void finish() {
            if (received > RpcLimits.BODY_BYTES) {
                RpcException failure = new RpcException(
                        RpcErrorCode.LIMIT_EXCEEDED, "request body exceeds " + RpcLimits.BODY_BYTES + " bytes");
                request.response().setStatusCode(413);
                send(request.response(), Optional.of(RpcDispatcher.error(Json.none(), failure)));
                return;
            }
            serve(request.response(), body.getBytes());
        }
    }

    private void serve(HttpServerResponse response, byte[] body) {
        RpcDispatcher.Parsed parsed = dispatcher.parse(body);
        if (dispatcher.isCheap(parsed, WebSocketSession.NO_METHODS)) {
            send(response, dispatcher.answer(parsed));
            return;
        }
        // The connection's own event loop, so that answers are written where requests are read.
        Context connection = vertx.getOrCreateContext();
        boolean accepted = executor.submit(() -> {
            Optional<byte[]> answer = dispatcher.answer(parsed);
            connection.runOnContext(ignored -> send(response, answer));
        });
        if (!accepted) {
            RpcException busy = new RpcException(RpcErrorCode.RESOURCE_UNAVAILABLE, "server busy");
            send(response, Optional.of(RpcDispatcher.error(Json.none(), busy)));
        }
    }

    private static void send(HttpServerResponse response, Optional<byte[]> answer) {
        if (response.closed() || response.ended()) {
            return;
        }
        if (answer.isEmpty()) {
            response.setStatusCode(204).end();
        } else {
            response.putHeader("Content-Type", "application/json").end(Buffer.buffer(answer.get()));
        }
    }

    private static void refuse(HttpServerResponse response, int status, String reason) {
        RpcException failure = new RpcException(RpcErrorCode.INVALID_REQUEST, "Invalid request: " + reason);
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(Buffer.buffer(RpcDispatcher.error(Json.none(), failure)));
    }
}
