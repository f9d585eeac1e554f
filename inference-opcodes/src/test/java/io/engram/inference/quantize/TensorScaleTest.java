package io.engram.inference.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.engram.inference.operator.Rescale;
import io.engram.inference.tensor.TensorType;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TensorScaleTest {

    @Test
    void aRescaleIsWithinOnePartInABillionOfItsRatio() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            double ratio = StrictMath.scalb(random.nextDouble(1, 2), random.nextInt(-32, 29));
            Rescale rescale = TensorScale.rescale(ratio);
            double back = StrictMath.scalb((double) rescale.multiplier(), -rescale.shift());
            assertThat(back).as("seed %d", seed).isCloseTo(ratio, within(ratio * 1e-9));
        }
    }

    @Test
    void ratiosBeyondTheShiftsAreRefusedOrVanish() {
        assertThatThrownBy(() -> TensorScale.rescale(StrictMath.scalb(1.0, 31)))
                .isInstanceOf(ArithmeticException.class);
        assertThat(TensorScale.rescale(StrictMath.scalb(1.0, -70)).multiplier()).isZero();
    }

    @Test
    void zeroIsExactInEveryRange() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            double a = random.nextDouble(-100, 100);
            double b = random.nextDouble(-100, 100);
            TensorScale scale = TensorScale.int8(Math.min(a, b), Math.max(a, b));
            assertThat(scale.dequantise(scale.quantise(0, TensorType.INT8)))
                    .as("seed %d", seed)
                    .isZero();
            double middle = (a + b) / 2;
            assertThat(scale.dequantise(scale.quantise(middle, TensorType.INT8)))
                    .as("seed %d", seed)
                    .isCloseTo(middle, within(scale.step() * 0.51));
        }
    }

    @Test
    void anEmptyRangeHasAScale() {
        assertThat(TensorScale.int8(0, 0).quantise(0, TensorType.INT8)).isEqualTo(-128);
    }
}
