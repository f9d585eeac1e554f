package io.engram.client.node;

import io.engram.client.consensus.qbft.QbftOptions;
import io.engram.client.keystore.KeyFile;
import io.engram.client.rpc.RpcServerOptions;
import io.engram.genesis.Wei;
import io.engram.genesis.config.GenesisFile;
import java.net.InetSocketAddress;
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
 * @param inference how models are run
 * @param metrics where they are served; absent: nowhere
 */
public record NodeOptions(
        Path dataPath,
        GenesisFile genesis,
        Optional<KeyFile> keyFile,
        Optional<RpcServerOptions> rpc,
        Optional<NetworkOptions> network,
        QbftOptions consensus,
        long gasCap,
        int maxLogsRange,
        Wei leastTip,
        InferenceSettings inference,
        Optional<InetSocketAddress> metrics) {}
