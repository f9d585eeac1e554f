package io.engram.inference.model;

import io.engram.genesis.config.InferenceConfig;

/**
 * The price of a call (protocol C4): {@code base + io + cold + n · sample}. Amounts beyond 63 bits become
 * {@link Long#MAX_VALUE}, which no transaction can pay.
 */
public final class ModelPrice {

    private static final long KIB = 1_024;
    private static final long WORD = 32;

    private ModelPrice() {}

    /** All of a call with one sample of a model that is warm. */
    public static long gas(ModelFacts facts, InferenceConfig.Gas gas) {
        return plus(plus(gas.base(), ioGas(facts, 1, gas)), sampleGas(facts, gas));
    }

    /** What the first touch of a model in a transaction costs on top. */
    public static long coldGas(ModelFacts facts, InferenceConfig.Gas gas) {
        return times(ceilDiv(facts.fileBytes(), KIB), gas.coldPerKib());
    }

    /** The words that input and output of {@code samples} samples fill together. */
    public static long ioGas(ModelFacts facts, int samples, InferenceConfig.Gas gas) {
        long bytes = ((long) facts.inputBytes() + facts.outputBytes()) * samples;
        return times(ceilDiv(bytes, WORD), gas.perIoWord());
    }

    /** The computation of one sample. */
    public static long sampleGas(ModelFacts facts, InferenceConfig.Gas gas) {
        long sum = times(facts.steps(), gas.perStep());
        sum = plus(sum, ceilDiv(facts.macs(), gas.macsPerGas()));
        sum = plus(sum, ceilDiv(facts.depthwiseMacs(), gas.depthwiseMacsPerGas()));
        sum = plus(sum, ceilDiv(facts.elements(), gas.elementsPerGas()));
        sum = plus(sum, ceilDiv(facts.weightBytes(), gas.weightBytesPerGas()));
        return plus(sum, ceilDiv(facts.hashedBytes(), gas.hashedBytesPerGas()));
    }

    /** A product of two amounts that are not negative. */
    public static long times(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }

    /** A sum of two amounts that are not negative. */
    public static long plus(long a, long b) {
        return a + b < 0 ? Long.MAX_VALUE : a + b;
    }

    private static long ceilDiv(long count, long divisor) {
        return Math.ceilDiv(count, divisor);
    }
}
