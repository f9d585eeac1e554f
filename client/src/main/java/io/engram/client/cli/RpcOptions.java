package io.engram.client.cli;

import io.engram.client.rpc.RpcLimits;
import io.engram.client.rpc.RpcServerOptions;
import io.engram.genesis.Wei;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The JSON-RPC options that {@code engram} and {@code engram dev} share, named as Besu names them. */
final class RpcOptions {

    private static final int MAX_PORT = 65_535;

    @Option(
            names = "--rpc-http-host",
            paramLabel = "HOST",
            description = "Address that JSON-RPC listens on (default: ${DEFAULT-VALUE}).",
            defaultValue = "127.0.0.1")
    String host = "127.0.0.1";

    int port = RpcServerOptions.DEFAULT_PORT;

    @Spec(Spec.Target.MIXEE)
    CommandSpec command = CommandSpec.create();

    @Option(
            names = "--rpc-http-port",
            paramLabel = "PORT",
            description = "Port of JSON-RPC over HTTP and WebSocket; 0 picks a free one (default: ${DEFAULT-VALUE}).",
            defaultValue = "" + RpcServerOptions.DEFAULT_PORT)
    void port(int value) {
        if (value < 0 || value > MAX_PORT) {
            throw new ParameterException(command.commandLine(), "--rpc-http-port must be 0 to " + MAX_PORT);
        }
        port = value;
    }

    @Option(
            names = "--rpc-http-cors-origins",
            paramLabel = "ORIGIN",
            split = ",",
            description = "Origins that browsers may call from; * or all for any (default: none; dev: all).")
    List<String> corsOrigins = List.of();

    @Option(
            names = "--host-allowlist",
            paramLabel = "NAME",
            split = ",",
            description = "Host names that requests may be sent to; * or all for any (default: localhost,127.0.0.1; "
                    + "dev: all).")
    List<String> hostAllowlist = List.of();

    @Option(
            names = "--rpc-gas-cap",
            paramLabel = "GAS",
            description = "Most gas that eth_call and eth_estimateGas may use (default: ${DEFAULT-VALUE}).",
            defaultValue = "100000000")
    long gasCap = 100_000_000;

    int timeoutSeconds = RpcLimits.REQUEST_SECONDS;

    @Option(
            names = "--rpc-timeout",
            paramLabel = "SECONDS",
            description = "How long a request may run (default: ${DEFAULT-VALUE}).",
            defaultValue = "" + RpcLimits.REQUEST_SECONDS)
    void timeout(int value) {
        if (value < 1) {
            throw new ParameterException(command.commandLine(), "--rpc-timeout must be at least 1");
        }
        timeoutSeconds = value;
    }

    @Option(
            names = "--rpc-max-logs-range",
            paramLabel = "BLOCKS",
            description = "Blocks that one eth_getLogs may span (default: ${DEFAULT-VALUE}).",
            defaultValue = "5000")
    int maxLogsRange = 5_000;

    @Option(
            names = "--min-gas-price",
            paramLabel = "WEI",
            description = "Least tip that eth_gasPrice and eth_maxPriorityFeePerGas suggest (default: "
                    + "${DEFAULT-VALUE}).",
            defaultValue = "1000")
    long minGasPrice = 1_000;

    RpcServerOptions server(List<String> defaultOrigins, List<String> defaultHosts) {
        return new RpcServerOptions(
                host,
                port,
                corsOrigins.isEmpty() ? defaultOrigins : any(corsOrigins),
                hostAllowlist.isEmpty() ? defaultHosts : any(hostAllowlist),
                timeoutSeconds);
    }

    Wei leastTip() {
        return Wei.of(minGasPrice);
    }

    private static List<String> any(List<String> names) {
        return names.contains("all") ? List.of("*") : names;
    }
}
