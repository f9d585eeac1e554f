package io.engram.client.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.tuweni.toml.Toml;
import org.apache.tuweni.toml.TomlParseResult;

/** The TCP ports that a node's configuration file asks for; absent where the file leaves that part of the node off. */
public record NodePorts(Optional<Port> p2p, Optional<Port> rpc, Optional<Port> metrics) {

    private static final String LOOPBACK = "127.0.0.1";

    /** @param use as a user would call it */
    public record Port(String use, String host, int number) {

        /** Where its server is reached from this machine. */
        public String url() {
            return "http://" + host + ":" + number;
        }

        boolean isFree() {
            try (ServerSocket socket = new ServerSocket()) {
                // As the node's own servers do: a port in TIME_WAIT is free.
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(host, number));
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** @throws IOException when the file cannot be read or is not TOML */
    static NodePorts read(Path config) throws IOException {
        TomlParseResult toml = Toml.parse(Files.readString(config));
        if (toml.hasErrors()) {
            throw new IOException(config + ": " + toml.errors().getFirst());
        }
        return new NodePorts(
                port(toml, "p2p", "p2p-enabled", "p2p-interface", "0.0.0.0", "p2p-port", 30_303),
                port(toml, "JSON-RPC", "rpc-http-enabled", "rpc-http-host", LOOPBACK, "rpc-http-port", 8_545),
                port(toml, "metrics", "metrics-enabled", "metrics-host", LOOPBACK, "metrics-port", 9_545));
    }

    private static Optional<Port> port(
            TomlParseResult toml, String use, String enabled, String host, String anyHost, String port, int anyPort) {
        if (!toml.getBoolean(enabled, () -> false)) {
            return Optional.empty();
        }
        return Optional.of(
                new Port(use, toml.getString(host, () -> anyHost), Math.toIntExact(toml.getLong(port, () -> anyPort))));
    }

    List<Port> all() {
        return Stream.of(p2p, rpc, metrics).flatMap(Optional::stream).toList();
    }
}
