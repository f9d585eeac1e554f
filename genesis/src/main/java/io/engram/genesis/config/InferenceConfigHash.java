package io.engram.genesis.config;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.engram.genesis.Hash;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The digest by which nodes tell whether they agree on every constant of inference (protocol D1): SHA-256 over
 *
 * <pre>
 * "engram/inference-config/1"                              25 bytes, ASCII
 * activationBlock, blockInferenceGasLimit                  u64 each
 * gas: base, perStep, macsPerGas, depthwiseMacsPerGas, elementsPerGas, weightBytesPerGas,
 *      hashedBytesPerGas, perIoWord, coldPerKib            u64 each
 * limits: maxModelBytes, maxPeakMemoryBytes, maxSteps, maxMacs, maxDepthwiseMacs, maxElements,
 *      maxHashedBytes, maxIoBytes, maxBatch                u64 each
 * royaltyShare                                             u32
 * minRoyaltyPrice, pricePerByte                            u256 each
 * activationDelay, retirementNotice, announcementExpiry    u64 each
 * number of transitions                                    u32, 0
 * </pre>
 *
 * all big-endian, without padding.
 */
public final class InferenceConfigHash {

    private static final byte[] TAG = "engram/inference-config/1".getBytes(US_ASCII);
    private static final int MAX_SIZE = 512;

    private InferenceConfigHash() {}

    public static Hash of(InferenceConfig config) {
        ByteBuffer out = ByteBuffer.allocate(MAX_SIZE).put(TAG);
        out.putLong(config.activationBlock()).putLong(config.blockInferenceGasLimit());
        InferenceConfig.Gas gas = config.gas();
        out.putLong(gas.base()).putLong(gas.perStep());
        out.putLong(gas.macsPerGas()).putLong(gas.depthwiseMacsPerGas());
        out.putLong(gas.elementsPerGas()).putLong(gas.weightBytesPerGas());
        out.putLong(gas.hashedBytesPerGas()).putLong(gas.perIoWord()).putLong(gas.coldPerKib());
        InferenceConfig.Limits limits = config.limits();
        out.putLong(limits.maxModelBytes()).putLong(limits.maxPeakMemoryBytes());
        out.putLong(limits.maxSteps()).putLong(limits.maxMacs());
        out.putLong(limits.maxDepthwiseMacs()).putLong(limits.maxElements());
        out.putLong(limits.maxHashedBytes()).putLong(limits.maxIoBytes()).putLong(limits.maxBatch());
        out.putInt(config.royaltyShare());
        out.put(config.minRoyaltyPrice().value().toArrayUnsafe());
        out.put(config.pricePerByte().value().toArrayUnsafe());
        out.putLong(config.activationDelay()).putLong(config.retirementNotice());
        out.putLong(config.announcementExpiry());
        out.putInt(0);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(out.flip());
            return Hash.of(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
