package io.engram.inference.engine;

import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;

/** Tensors from outside: the overflow proof covers only those that the checker expects. */
final class OperandCheck {

    private OperandCheck() {}

    static void require(Tensor tensor, Value expected) {
        boolean fits = expected.constant().isPresent()
                ? expected.constant().get().equals(tensor)
                : tensor.type() == expected.type()
                        && tensor.shape().equals(expected.shape())
                        && inRange(tensor, expected);
        if (!fits) {
            throw new IllegalArgumentException(tensor + " is not what the step takes");
        }
    }

    private static boolean inRange(Tensor tensor, Value expected) {
        for (int i = 0; i < tensor.shape().elements(); i++) {
            int element = tensor.get(i);
            if (element < expected.lo() || element > expected.hi()) {
                return false;
            }
        }
        return true;
    }
}
