package io.engram.client.node;

import io.engram.client.consensus.qbft.QbftOptions;
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
 * @param network absent: no peers
 * @param consensus for chains with QBFT, on nodes with peers
 * @param gasCap most gas of one simulated run
 * @param backend that runs inferences
 */
public record NodeOptions(
        Path dataPath,
        GenesisFile genesis,
        Optional<Path> keyFile,
        Optional<RpcServerOptions> rpc,
        Optional<NetworkOptions> network,
        QbftOptions consensus,
        long gasCap,
        int maxLogsRange,
        Wei leastTip,
        Backend backend) {}
