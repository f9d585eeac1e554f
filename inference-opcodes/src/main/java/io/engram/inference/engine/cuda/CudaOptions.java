package io.engram.inference.engine.cuda;

import java.time.Duration;

/**
 * How devices are used. No choice changes results.
 *
 * @param lanes runs that a device is given at once
 * @param timeLimit after which a run, or a call of the driver, counts as a fault of the device
 * @param memoryShare of a device's memory that may be used, in percent
 * @param graphs whether a run that comes again is given by one call, where the driver can (CUDA 11.4)
 */
public record CudaOptions(int lanes, Duration timeLimit, int memoryShare, boolean graphs) {

    /** Four runs overlap; nothing that a chain allows takes a device a second. */
    public static final CudaOptions DEFAULT = new CudaOptions(4, Duration.ofSeconds(20), 80, true);

    public CudaOptions {
        if (lanes < 1 || timeLimit.isNegative() || timeLimit.isZero() || memoryShare < 1 || memoryShare > 100) {
            throw new IllegalArgumentException("no lanes, no time or no memory");
        }
    }

    public CudaOptions withTimeLimit(Duration limit) {
        return new CudaOptions(lanes, limit, memoryShare, graphs);
    }

    public CudaOptions withLanes(int count) {
        return new CudaOptions(count, timeLimit, memoryShare, graphs);
    }

    public CudaOptions withMemoryShare(int percent) {
        return new CudaOptions(lanes, timeLimit, percent, graphs);
    }

    public CudaOptions withoutGraphs() {
        return new CudaOptions(lanes, timeLimit, memoryShare, false);
    }
}
