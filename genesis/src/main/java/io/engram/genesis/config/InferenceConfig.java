package io.engram.genesis.config;

import io.engram.genesis.Wei;
import java.math.BigInteger;

/**
 * The genesis section {@code config.inference}: every constant of inference that consensus depends on. Defaults and
 * meaning: docs/inference-spec.md, "Constants".
 *
 * @param activationBlock first block under these rules; 0 for genesis
 * @param blockInferenceGasLimit inference gas that one block may hold (protocol C5)
 * @param gas the price of one sample, term by term (protocol C4)
 * @param limits what the static checker accepts
 * @param royaltyShare the author's part of the base fee of inference gas, in 1/65536 (protocol C6)
 * @param minRoyaltyPrice wei per gas that royalties are computed with when the base fee is lower
 * @param pricePerByte wei per byte of model file, paid at announcement
 * @param activationDelay blocks from attestation to activity (protocol E2)
 * @param retirementNotice blocks from notice to retirement (protocol E3)
 * @param announcementExpiry blocks after which an unattested announcement lapses (protocol E1)
 */
public record InferenceConfig(
        long activationBlock,
        long blockInferenceGasLimit,
        Gas gas,
        Limits limits,
        int royaltyShare,
        Wei minRoyaltyPrice,
        Wei pricePerByte,
        long activationDelay,
        long retirementNotice,
        long announcementExpiry) {

    /** Most steps that any chain may allow a model (protocol A6). */
    public static final long MAX_STEPS = 4_096;

    /** Gas of a transaction that a call's price must leave for everything else (protocol C5). */
    public static final long RESERVED_GAS = 2_000_000;

    /** Gas that one transaction can have from Osaka on (EIP-7825). */
    public static final long MAX_TRANSACTION_GAS = 1L << 24;

    /** The most that one cold sample of an acceptable model may cost (protocol C5). */
    public long maxSampleGas() {
        return Math.min(MAX_TRANSACTION_GAS, blockInferenceGasLimit) - RESERVED_GAS;
    }

    /** Opcode-level price constants. "PerGas" is a divisor: the term is ceil(count / divisor). */
    public record Gas(
            long base,
            long perStep,
            long macsPerGas,
            long depthwiseMacsPerGas,
            long elementsPerGas,
            long weightBytesPerGas,
            long hashedBytesPerGas,
            long perIoWord,
            long coldPerKib) {

        public static final Gas DEFAULT = new Gas(3_000, 160, 512, 16, 2, 256, 32, 3, 120);

        /** The price of one sample, cold, of a model that reaches every limit at once. */
        public BigInteger worstSample(Limits limits) {
            return BigInteger.valueOf(base)
                    .add(product(limits.maxSteps(), perStep))
                    .add(ceiling(limits.maxMacs(), macsPerGas))
                    .add(ceiling(limits.maxDepthwiseMacs(), depthwiseMacsPerGas))
                    .add(ceiling(limits.maxElements(), elementsPerGas))
                    .add(ceiling(limits.maxModelBytes(), weightBytesPerGas))
                    .add(ceiling(limits.maxHashedBytes(), hashedBytesPerGas))
                    .add(ceiling(limits.maxIoBytes(), 32).multiply(BigInteger.valueOf(perIoWord)))
                    .add(ceiling(limits.maxModelBytes(), 1_024).multiply(BigInteger.valueOf(coldPerKib)));
        }

        private static BigInteger product(long a, long b) {
            return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
        }

        private static BigInteger ceiling(long count, long divisor) {
            return BigInteger.valueOf(Math.ceilDiv(count, divisor));
        }
    }

    /** Upper bounds for one model and one sample of it. Bytes and counts. */
    public record Limits(
            long maxModelBytes,
            long maxPeakMemoryBytes,
            long maxSteps,
            long maxMacs,
            long maxDepthwiseMacs,
            long maxElements,
            long maxHashedBytes,
            long maxIoBytes,
            long maxBatch) {

        public static final Limits DEFAULT =
                new Limits(30L << 20, 1L << 29, 4_096, 1_500_000_000, 6_000_000, 12_000_000, 1L << 24, 1L << 22, 1_024);
    }
}
