package io.engram.client.dev;

import io.engram.client.rpc.RpcServerOptions;
import io.engram.genesis.Wei;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How {@code engram dev} runs.
 *
 * @param dataPath absent: a temporary directory, removed at the end
 * @param blockPeriodSeconds absent: a block for each transaction
 * @param sampleModel whether the sample model is published at the start
 * @param gasCap most gas of one simulated run
 */
public record DevOptions(
        Optional<Path> dataPath,
        Optional<Long> blockPeriodSeconds,
        boolean sampleModel,
        RpcServerOptions server,
        long gasCap,
        int maxLogsRange,
        Wei leastTip) {}
