package io.engram.client.node;

import io.engram.client.consensus.qbft.RoundTimeouts;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.Backends;
import io.engram.inference.engine.EngineSpeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a validator can verify the costliest block in time (protocol F4): a round must be four times as long. Measured at start,
 * in the background, once it is settled what computes inferences.
 */
final class VerificationCheck {

    private static final Logger LOG = LoggerFactory.getLogger(VerificationCheck.class);
    private static final double NANOS_PER_MILLI = 1e6;

    private VerificationCheck() {}

    static void start(Backend backend, InferenceConfig config, RoundTimeouts timeouts) {
        Thread.ofPlatform().daemon().name("verification-check").start(() -> {
            try {
                backend.awaitTested();
                check(backend, config, timeouts);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void check(Backend backend, InferenceConfig config, RoundTimeouts timeouts) {
        if (backend.name().equals(Backends.REFERENCE.key())) {
            LOG.warn(
                    "Inferences run on the reference back end, which is too slow for a validator: prices are set for the"
                            + " native and vector back ends");
        }
        long millis = worstMillis(EngineSpeed.nanosPerGas(backend, config.gas()), config.blockInferenceGasLimit());
        if (timeouts.leavesRoomFor(millis)) {
            LOG.info("A block full of inferences takes about {} ms to verify here", millis);
        } else {
            LOG.warn(
                    "A block full of inferences takes about {} ms to verify here; the cap of the round timeout, {} ms, should"
                            + " be four times as long (--qbft-round-timeout-cap)",
                    millis,
                    timeouts.capMillis());
        }
    }

    static long worstMillis(double nanosPerGas, long inferenceGas) {
        return Math.round(nanosPerGas * inferenceGas / NANOS_PER_MILLI);
    }
}
