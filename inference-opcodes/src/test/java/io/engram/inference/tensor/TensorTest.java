package io.engram.inference.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorTest {

    @Test
    void wideElementsAreBigEndian() {
        assertThat(Tensor.ofVector(TensorType.INT16, 0x1234, -2).data()).containsExactly(0x12, 0x34, 0xff, 0xfe);
        assertThat(Tensor.ofVector(TensorType.INT32, 0x12345678).data()).containsExactly(0x12, 0x34, 0x56, 0x78);
    }

    @Test
    void elementsComeBackAsTheyWerePut() {
        for (TensorType type : TensorType.values()) {
            Tensor tensor = Tensor.ofVector(type, type.min(), -1, 0, 1, type.max());
            assertThat(tensor.toArray()).containsExactly(type.min(), -1, 0, 1, type.max());
            assertThat(Tensor.wrap(type, Shape.of(5), tensor.data())).isEqualTo(tensor);
            assertThat(TensorType.ofCode(type.code())).contains(type);
        }
    }

    @Test
    void valuesOutsideTheTypeAreRefused() {
        assertThatThrownBy(() -> Tensor.ofVector(TensorType.INT8, 128)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tensor.ofVector(TensorType.INT16, -32_768))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tensor.wrap(TensorType.INT16, Shape.of(1), new byte[] {(byte) 0x80, 0}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tensor.wrap(TensorType.INT8, Shape.of(2), new byte[3]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shapesAreBounded() {
        assertThat(Shape.isValid()).isFalse();
        assertThat(Shape.isValid(1, 2, 3, 4, 5, 6)).isTrue();
        assertThat(Shape.isValid(1, 1, 1, 1, 1, 1, 1)).isFalse();
        assertThat(Shape.isValid(1, 0)).isFalse();
        assertThat(Shape.isValid(-1)).isFalse();
        assertThat(Shape.isValid(Shape.MAX_ELEMENTS)).isTrue();
        assertThat(Shape.isValid(Shape.MAX_ELEMENTS, 2)).isFalse();
        assertThat(Shape.isValid(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, 4))
                .isFalse();
    }
}
