package io.engram.inference.quantize;

/** Counts of a tensor's values between the least and the greatest. Merging is exact, so threads cannot matter. */
final class Histogram {

    private static final int BINS = 2048;
    private static final double TAIL = 1e-4;
    private static final int SHRINK_STEPS = 30;
    private static final double SHRINK = 0.02;

    private final double low;
    private final double high;
    private final long[] counts = new long[BINS];

    /** Both ends must hold for every value that will be counted. */
    Histogram(double low, double high) {
        this.low = low;
        this.high = high;
    }

    Histogram emptied() {
        return new Histogram(low, high);
    }

    /** Counts the stored form of the values. */
    void count(float[] values, ChannelMap map) {
        double perBin = high > low ? BINS / (high - low) : 0;
        for (int i = 0; i < values.length; i++) {
            int bin = (int) ((map.stored(values[i], i) - low) * perBin);
            counts[Math.min(bin, BINS - 1)]++;
        }
    }

    void add(Histogram other) {
        for (int i = 0; i < BINS; i++) {
            counts[i] += other.counts[i];
        }
    }

    /** The greatest magnitude seen. */
    double magnitude() {
        return Math.max(Math.abs(low), Math.abs(high));
    }

    /** int8 for all that was seen, and for {@code room} times as much. */
    TensorScale withRoom(double room) {
        return TensorScale.int8(room * low, room * high);
    }

    TensorScale choose(RangeMethod method) {
        return switch (method) {
            case MIN_MAX -> TensorScale.int8(low, high);
            case PERCENTILE -> TensorScale.int8(quantile(TAIL), quantile(1 - TAIL));
            case MEAN_SQUARED_ERROR -> leastError();
        };
    }

    private double quantile(double share) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        double wanted = total * share;
        long seen = 0;
        for (int i = 0; i < BINS; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return share < 0.5 ? edge(i) : edge(i + 1);
            }
        }
        return high;
    }

    private double edge(int bin) {
        return low + (high - low) * bin / BINS;
    }

    private TensorScale leastError() {
        TensorScale best = TensorScale.int8(low, high);
        double bestError = error(best);
        int lowSteps = low < 0 ? SHRINK_STEPS : 1;
        int highSteps = high > 0 ? SHRINK_STEPS : 1;
        for (int i = 0; i < lowSteps; i++) {
            for (int j = 0; j < highSteps; j++) {
                TensorScale scale = TensorScale.int8(low * (1 - SHRINK * i), high * (1 - SHRINK * j));
                double error = error(scale);
                if (error < bestError) {
                    bestError = error;
                    best = scale;
                }
            }
        }
        return best;
    }

    private double error(TensorScale scale) {
        double step = scale.step();
        int zeroPoint = scale.zeroPoint();
        double sum = 0;
        for (int i = 0; i < BINS; i++) {
            if (counts[i] != 0) {
                double value = edge(i) + (high - low) / (2 * BINS);
                double level = Math.clamp(StrictMath.rint(value / step) + zeroPoint, -128.0, 127.0);
                double difference = (level - zeroPoint) * step - value;
                sum += counts[i] * difference * difference;
            }
        }
        return sum;
    }
}
