package io.engram.inference.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.engram.inference.Seeds;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WeightRoundingTest {

    private static final int SIZE = 9;
    private static final double SCALE = 0.05;

    @Test
    void nearestIsNearest() {
        double[] weights = {0.12, -0.13, 9, -9};
        WeightRounding.Rounded rounded = WeightRounding.NEAREST.round(0, 1, weights, SCALE, -127, 127);
        assertThat(rounded.levels()).containsExactly(2, -3, 127, -127);
        assertThat(rounded.scale()).isEqualTo(SCALE);
        assertThat(rounded.shift()).isZero();
    }

    /** Inputs that move together, as neighbouring pixels do: then the sum of a kernel counts most. */
    @Test
    void theErrorOfASumIsSmallerThanThatOfNearestNumbers() {
        Seeds.each(50, random -> {
            double[] covariance = new double[SIZE * SIZE];
            for (int i = 0; i < SIZE; i++) {
                for (int j = 0; j < SIZE; j++) {
                    covariance[i * SIZE + j] = i == j ? 1.01 : 0.99;
                }
            }
            double[] mean = new double[SIZE];
            Arrays.setAll(mean, i -> random.nextGaussian());
            double[] weights = new double[SIZE];
            Arrays.setAll(weights, i -> random.nextGaussian());
            WeightRounding rounding = WeightRounding.of(new double[][] {covariance}, new double[][] {mean});
            WeightRounding.Rounded rounded = rounding.round(0, 1, weights, SCALE, -127, 127);
            WeightRounding.Rounded nearest = WeightRounding.NEAREST.round(0, 1, weights, SCALE, -127, 127);
            assertThat(error(covariance, weights, rounded)).isLessThanOrEqualTo(error(covariance, weights, nearest));
            double missing = 0;
            for (int i = 0; i < SIZE; i++) {
                missing += (weights[i] - rounded.levels()[i] * rounded.scale()) * mean[i];
            }
            assertThat(rounded.shift()).isCloseTo(missing, within(1e-12));
        });
    }

    /** Of each group its own moments, and of stored inputs what they are in real numbers. */
    @Test
    void storedInputsOfGroupsGiveTheSameOutputs() {
        double[][] covariances = {{2, 0.5, 0.5, 1}, {1, -0.3, -0.3, 3}};
        double[][] means = {{1, 2}, {-1, 0.5}};
        WeightRounding rounding = WeightRounding.of(covariances, means);
        ChannelMap map = new ChannelMap(new float[2], new float[] {0.5f, 4});
        for (int output = 0; output < 2; output++) {
            double[] weights = {0.331, -0.774};
            double factor = map.factorOf(output);
            double[] stored = {weights[0] * factor, weights[1] * factor};
            WeightRounding.Rounded real = rounding.round(output, 2, weights, SCALE, -127, 127);
            WeightRounding.Rounded changed = rounding.stored(map).round(output, 2, stored, SCALE * factor, -127, 127);
            assertThat(changed.levels()).containsExactly(real.levels());
            assertThat(changed.shift()).isCloseTo(real.shift(), within(1e-12));
        }
    }

    private static double error(double[] covariance, double[] weights, WeightRounding.Rounded rounded) {
        double sum = 0;
        for (int i = 0; i < SIZE; i++) {
            for (int j = 0; j < SIZE; j++) {
                sum += covariance[i * SIZE + j] * rest(weights, rounded, i) * rest(weights, rounded, j);
            }
        }
        return sum;
    }

    private static double rest(double[] weights, WeightRounding.Rounded rounded, int i) {
        return weights[i] - rounded.levels()[i] * rounded.scale();
    }
}
