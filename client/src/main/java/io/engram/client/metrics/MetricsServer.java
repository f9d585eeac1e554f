package io.engram.client.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Serves metrics at {@code /metrics} in Prometheus' text format, one request at a time. */
public final class MetricsServer implements AutoCloseable {

    private static final String PATH = "/metrics";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NO_BODY = -1;

    private final Metrics metrics;
    private final PrometheusTextFormatWriter format = PrometheusTextFormatWriter.create();
    private final HttpServer server;

    private MetricsServer(Metrics metrics, HttpServer server) {
        this.metrics = metrics;
        this.server = server;
    }

    /**
     * @param address port 0 for any free one
     * @throws IOException when the address cannot be had
     */
    public static MetricsServer start(InetSocketAddress address, Metrics metrics) throws IOException {
        HttpServer http;
        try {
            http = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException("metrics cannot listen on " + address + ": " + e.getMessage(), e);
        }
        MetricsServer server = new MetricsServer(metrics, http);
        http.createContext("/", server::answer);
        http.start();
        return server;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(NOT_FOUND, NO_BODY);
                return;
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            format.write(body, metrics.read());
            exchange.getResponseHeaders().set("Content-Type", format.getContentType());
            exchange.sendResponseHeaders(OK, body.size());
            body.writeTo(exchange.getResponseBody());
        }
    }

    /** The port in use. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
