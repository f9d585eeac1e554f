package io.engram.genesis.config;

import io.engram.genesis.Wei;
import java.math.BigInteger;

/** Reads and checks {@code config.inference}. */
final class InferenceConfigReader {

    private static final long BLOCK_INFERENCE_GAS_LIMIT = 20_000_000;
    private static final int ROYALTY_SHARE = 1 << 15;
    private static final int FULL_SHARE = 1 << 16;
    private static final long TEN_MINUTES = 600;
    private static final long DAY = 86_400;
    private static final long WEEK = 7 * DAY;
    /** Block spans are added to block numbers in 64 bits. */
    private static final long MAX_SPAN = 1L << 40;
    /** The registry keeps the price per byte in 128 bits. */
    private static final int PRICE_BITS = 128;

    private InferenceConfigReader() {}

    static InferenceConfig read(JsonSection in, long blockPeriodSeconds) throws InvalidGenesisException {
        long period = Math.max(1, blockPeriodSeconds);
        InferenceConfig config = new InferenceConfig(
                in.integer("activationBlock", 0),
                in.integer("blockInferenceGasLimit", BLOCK_INFERENCE_GAS_LIMIT),
                gas(in),
                limits(in),
                (int) in.integer("royaltyShare", ROYALTY_SHARE, 0, FULL_SHARE),
                in.wei("minRoyaltyPrice").orElse(Wei.ZERO),
                in.wei("pricePerByte").orElse(Wei.ZERO),
                in.integer("activationDelay", Math.max(1, TEN_MINUTES / period), 0, MAX_SPAN),
                in.integer("retirementNotice", WEEK / period, 0, MAX_SPAN),
                in.integer("announcementExpiry", DAY / period, 0, MAX_SPAN));
        in.end();
        if (config.pricePerByte().value().bitLength() > PRICE_BITS) {
            throw in.error("pricePerByte", "exceeds " + PRICE_BITS + " bits");
        }
        BigInteger worst = config.gas().worstSample(config.limits());
        if (worst.compareTo(BigInteger.valueOf(config.maxSampleGas())) > 0) {
            throw in.error(
                    "gas",
                    "prices one cold sample of a model at the limits at " + worst
                            + ", but a block and a transaction leave " + config.maxSampleGas()
                            + ": lower the limits or the prices, or raise blockInferenceGasLimit");
        }
        return config;
    }

    private static InferenceConfig.Gas gas(JsonSection parent) throws InvalidGenesisException {
        InferenceConfig.Gas absent = InferenceConfig.Gas.DEFAULT;
        var section = parent.section("gas");
        if (section.isEmpty()) {
            return absent;
        }
        JsonSection in = section.get();
        InferenceConfig.Gas gas = new InferenceConfig.Gas(
                in.integer("base", absent.base()),
                in.integer("perStep", absent.perStep()),
                divisor(in, "macsPerGas", absent.macsPerGas()),
                divisor(in, "depthwiseMacsPerGas", absent.depthwiseMacsPerGas()),
                divisor(in, "elementsPerGas", absent.elementsPerGas()),
                divisor(in, "weightBytesPerGas", absent.weightBytesPerGas()),
                divisor(in, "hashedBytesPerGas", absent.hashedBytesPerGas()),
                in.integer("perIoWord", absent.perIoWord()),
                in.integer("coldPerKib", absent.coldPerKib()));
        in.end();
        return gas;
    }

    private static long divisor(JsonSection in, String key, long absent) throws InvalidGenesisException {
        return in.integer(key, absent, 1, Long.MAX_VALUE);
    }

    private static InferenceConfig.Limits limits(JsonSection parent) throws InvalidGenesisException {
        InferenceConfig.Limits absent = InferenceConfig.Limits.DEFAULT;
        var section = parent.section("limits");
        if (section.isEmpty()) {
            return absent;
        }
        JsonSection in = section.get();
        InferenceConfig.Limits limits = new InferenceConfig.Limits(
                in.integer("maxModelBytes", absent.maxModelBytes()),
                in.integer("maxPeakMemoryBytes", absent.maxPeakMemoryBytes()),
                in.integer("maxSteps", absent.maxSteps(), 1, InferenceConfig.MAX_STEPS),
                in.integer("maxMacs", absent.maxMacs()),
                in.integer("maxDepthwiseMacs", absent.maxDepthwiseMacs()),
                in.integer("maxElements", absent.maxElements()),
                in.integer("maxHashedBytes", absent.maxHashedBytes()),
                in.integer("maxIoBytes", absent.maxIoBytes()),
                in.integer("maxBatch", absent.maxBatch(), 1, Integer.MAX_VALUE));
        in.end();
        return limits;
    }
}
