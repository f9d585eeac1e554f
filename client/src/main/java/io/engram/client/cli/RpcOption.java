package io.engram.client.cli;

import io.engram.client.rpc.RpcClient;
import picocli.CommandLine.Option;

/** Which node a command speaks to. */
@SuppressWarnings("FieldCanBeFinal") // picocli assigns them
final class RpcOption {

    @Option(
            names = {"--rpc-url", "--rpc"},
            paramLabel = "URL",
            description = "JSON-RPC of the node (default: ${DEFAULT-VALUE}).",
            defaultValue = RpcClient.DEFAULT_URL)
    private String url = RpcClient.DEFAULT_URL;

    /** The caller closes it. */
    RpcClient open() {
        return new RpcClient(url);
    }
}
