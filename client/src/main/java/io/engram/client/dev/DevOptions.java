package io.engram.client.dev;

import io.engram.client.rpc.RpcServerOptions;
import io.engram.genesis.Wei;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.reference.ReferenceBackend;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How {@code engram dev} runs.
 *
 * @param dataPath absent: a temporary directory, removed at the end
 * @param blockPeriodSeconds absent: a block for each transaction
 * @param sampleModel whether the sample model is published at the start
 * @param gasCap most gas of one simulated run
 * @param backend that runs inferences
 */
public record DevOptions(
        Optional<Path> dataPath,
        Optional<Long> blockPeriodSeconds,
        boolean sampleModel,
        RpcServerOptions server,
        long gasCap,
        int maxLogsRange,
        Wei leastTip,
        Backend backend) {

    /** With the reference back end. */
    public DevOptions(
            Optional<Path> dataPath,
            Optional<Long> blockPeriodSeconds,
            boolean sampleModel,
            RpcServerOptions server,
            long gasCap,
            int maxLogsRange,
            Wei leastTip) {
        this(dataPath, blockPeriodSeconds, sampleModel, server, gasCap, maxLogsRange, leastTip, new ReferenceBackend());
    }
}
