package io.engram.client.rpc;

import java.util.List;

/**
 * How the server listens and whom it lets in.
 *
 * @param port 0 picks a free one
 * @param corsOrigins allowed origins; {@code *} allows all, none sends no CORS headers
 * @param hostAllowlist allowed host names of the Host header; {@code *} allows all
 * @param requestSeconds that a request, or a batch, may run
 */
public record RpcServerOptions(
        String host, int port, List<String> corsOrigins, List<String> hostAllowlist, int requestSeconds) {

    public static final int DEFAULT_PORT = 8545;

    public RpcServerOptions {
        corsOrigins = List.copyOf(corsOrigins);
        hostAllowlist = List.copyOf(hostAllowlist);
        if (requestSeconds < 1) {
            throw new IllegalArgumentException("a request needs at least a second, not " + requestSeconds);
        }
    }

    /** With the default time for a request. */
    public RpcServerOptions(String host, int port, List<String> corsOrigins, List<String> hostAllowlist) {
        this(host, port, corsOrigins, hostAllowlist, RpcLimits.REQUEST_SECONDS);
    }

    boolean allowsOrigin(String origin) {
        return corsOrigins.contains("*") || corsOrigins.contains(origin);
    }

    boolean allowsHost(String host) {
        return hostAllowlist.contains("*") || hostAllowlist.stream().anyMatch(host::equalsIgnoreCase);
    }
}
