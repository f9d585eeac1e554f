package io.engram.client.cli;

import java.net.InetSocketAddress;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where Prometheus finds the node's metrics, in Besu's options. */
final class MetricsOptions {

    private static final int MAX_PORT = 65_535;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--metrics-enabled",
            arity = "0..1",
            fallbackValue = "true",
            description = "Serve metrics for Prometheus at /metrics (default: false).")
    private boolean enabled;

    @Option(
            names = "--metrics-host",
            paramLabel = "HOST",
            description = "Address that metrics are served on (default: ${DEFAULT-VALUE}).",
            defaultValue = "127.0.0.1")
    private String host = "127.0.0.1";

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Port of metrics; 0 picks a free one (default: ${DEFAULT-VALUE}).",
            defaultValue = "9545")
    private int port = 9_545;

    /** Empty when metrics are off. */
    Optional<InetSocketAddress> address() {
        if (port < 0 || port > MAX_PORT) {
            throw new ParameterException(command.commandLine(), "--metrics-port must be 0 to " + MAX_PORT);
        }
        return enabled ? Optional.of(new InetSocketAddress(host, port)) : Optional.empty();
    }
}
