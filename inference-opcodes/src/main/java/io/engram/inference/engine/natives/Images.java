package io.engram.inference.engine.natives;

import io.engram.inference.operator.AveragePool;
import io.engram.inference.operator.DepthwiseConv2d;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongSupplier;

/** Operators that slide a window over each channel by itself. */
final class Images {

    /** Most cells of a depthwise kernel that the library looks at together. */
    private static final int MAX_TAPS = 256;

    private Images() {}

    static boolean depthwise(Scope scope, DepthwiseConv2d conv) {
        Tensor weights = scope.operand(1).constant().orElseThrow();
        int channels = weights.shape().dimension(2);
        int taps = weights.shape().elements() / channels;
        if (taps > MAX_TAPS) {
            return false;
        }
        int[] bias = scope.operand(2).constant().orElseThrow().toArray();
        for (int i = 0; i < weights.data().length; i++) {
            // Values are kept as x + 128.
            bias[i % channels] -= (conv.inputZeroPoint() + 128) * weights.data()[i];
        }
        long packed = scope.constants.add(scope.kernels.depthwiseBytes(scope.tier, channels, taps), target -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_BYTE, weights.data());
                scope.kernels.packDepthwise(scope.tier, from, channels, taps, target);
            }
        });
        int[] multipliers = scope.operand(3).constant().orElseThrow().toArray();
        int[] shifts = scope.operand(4).constant().orElseThrow().toArray();
        long finish = scope.constants.add(scope.kernels.depthwiseFinishBytes(scope.tier, channels), target -> {
            try (Arena arena = Arena.ofConfined()) {
                Rescaling rescaling = Rescaling.of(arena, bias, multipliers, shifts);
                scope.kernels.packDepthwiseFinish(
                        scope.tier, channels, rescaling, conv.output().zeroPoint(), target);
            }
        });
        byte padding = (byte) (conv.inputZeroPoint() + 128);
        long zeros = scope.constants.add(channels, target -> target.fill(padding));
        LongSupplier in = scope.place(0);
        LongSupplier out = scope.resultPlace();
        Fields sizes =
                sizes(scope, weights.shape().dimension(0), weights.shape().dimension(1), conv.window());
        scope.add(
                Kind.DEPTHWISE,
                4L * scope.result().shape().elements() * taps,
                () -> new Fields()
                        .add(in.getAsLong(), out.getAsLong(), packed, finish, zeros)
                        .add(sizes.toArray())
                        .range(conv.output()));
        return true;
    }

    static boolean maxPool(Scope scope, MaxPool pool) {
        long elements = scope.result().shape().elements();
        boolean bytes = pool.output().type() == TensorType.INT8;
        ByteTable table = ByteTable.of(x -> Rescaled.of(x - pool.inputZeroPoint(), pool.rescale(), pool.output()));
        // No place in the constants stands for none.
        long mapped = bytes && !table.isIdentity() ? table.store(scope) : 0;
        LongSupplier in = scope.place(0);
        LongSupplier out = bytes ? scope.resultPlace() : scope.temporary(elements)::offset;
        Fields sizes = sizes(scope, pool.kernelHeight(), pool.kernelWidth(), pool.window());
        scope.add(
                Kind.MAX_POOL,
                elements * pool.kernelHeight() * pool.kernelWidth(),
                () -> new Fields()
                        .add(in.getAsLong(), out.getAsLong(), mapped)
                        .add(sizes.toArray())
                        .add(0, 0, 1)
                        .range(OutputRange.int8(0)));
        if (!bytes) {
            Elements.rescale(scope, out, TensorType.INT8, pool.inputZeroPoint(), pool.rescale(), pool.output());
        }
        return true;
    }

    static boolean averagePool(Scope scope, AveragePool pool) {
        LongSupplier in = scope.place(0);
        LongSupplier out = scope.resultPlace();
        Fields sizes = sizes(scope, pool.kernelHeight(), pool.kernelWidth(), pool.window());
        scope.add(
                Kind.AVERAGE_POOL,
                4L * scope.result().shape().elements() * pool.kernelHeight() * pool.kernelWidth(),
                () -> new Fields()
                        .add(in.getAsLong(), out.getAsLong(), 0)
                        .add(sizes.toArray())
                        .add(pool.inputZeroPoint())
                        .add(pool.rescale().multiplier(), pool.rescale().shift())
                        .range(pool.output()));
        return true;
    }

    /** Image, result, kernel, window. */
    private static Fields sizes(Scope scope, int kernelHeight, int kernelWidth, Window window) {
        Shape image = scope.operand(0).shape();
        Shape result = scope.result().shape();
        return new Fields()
                .add(image.dimension(1), image.dimension(2), image.dimension(3))
                .add(result.dimension(1), result.dimension(2))
                .add(kernelHeight, kernelWidth)
                .window(window);
    }
}
