package io.engram.client.node;

import io.engram.client.keystore.KeyFile;
import io.engram.client.rpc.RpcServerOptions;
import io.engram.genesis.Wei;
import io.engram.genesis.config.GenesisFile;
import io.engram.inference.engine.Backend;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a node runs.
 *
 * @param keyFile absent: the file {@code key} in the data path, made at first start
 * @param rpc absent: no JSON-RPC
 * @param gasCap most gas of one simulated run
 * @param backend that runs inferences
 */
public record NodeOptions(
        Path dataPath,
        GenesisFile genesis,
        Optional<KeyFile> keyFile,
        Optional<RpcServerOptions> rpc,
        long gasCap,
        int maxLogsRange,
        Wei leastTip,
        Backend backend) {}
