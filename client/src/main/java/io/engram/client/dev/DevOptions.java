package io.engram.client.dev;

import io.engram.client.node.InferenceSettings;
import io.engram.client.rpc.RpcServerOptions;
import io.engram.genesis.Wei;
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
 * @param inference how models are run; never ahead while there is a block for each transaction
 */
public record DevOptions(
        Optional<Path> dataPath,
        Optional<Long> blockPeriodSeconds,
        boolean sampleModel,
        RpcServerOptions server,
        long gasCap,
        int maxLogsRange,
        Wei leastTip,
        InferenceSettings inference) {

    /** With the reference back end. */
    public DevOptions(
            Optional<Path> dataPath,
            Optional<Long> blockPeriodSeconds,
            boolean sampleModel,
            RpcServerOptions server,
            long gasCap,
            int maxLogsRange,
            Wei leastTip) {
        this(
                dataPath,
                blockPeriodSeconds,
                sampleModel,
                server,
                gasCap,
                maxLogsRange,
                leastTip,
                InferenceSettings.of(new ReferenceBackend()));
    }
}
