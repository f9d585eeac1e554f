package io.engram.inference.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VectorBackendTest {

    @Test
    void blocksAreAsLongAsExactnessAllowsAndNoLonger() {
        assertThat(Products.block(128, 128)).isEqualTo(1_024);
        assertThat(Products.block(255, 128)).isEqualTo(514);
        assertThat(Products.block(255, 255)).isEqualTo(258);
        assertThat(Products.block(0, 128)).isEqualTo(Scratch.BLOCK);
        for (int left = 0; left <= 255; left++) {
            for (int right = 0; right <= 255; right++) {
                assertThat((long) Products.block(left, right) * left * right).isLessThanOrEqualTo(1 << 24);
            }
        }
        assertThatThrownBy(() -> Products.block(1 << 20, 1 << 20)).isInstanceOf(IllegalArgumentException.class);
    }
}
