package io.engram.inference.engine.vector;

import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.Value;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Tensor;
import java.util.List;
import jdk.incubator.vector.ByteVector;

/** Largest cell of each window, channels side by side in the vectors, then a table. */
final class MaximumPool implements Step {

    private final MaxPool pool;
    private final Value result;
    private final ByteMap end;

    MaximumPool(MaxPool pool, Value result) {
        this.pool = pool;
        this.result = result;
        this.end = ByteMap.of(pool.inputZeroPoint(), pool.rescale(), pool.output(), result);
    }

    static boolean fits(List<Value> in) {
        return in.getFirst().shape().last() >= Lanes.COUNT;
    }

    @Override
    public Tensor run(List<Tensor> inputs) {
        Tensor image = inputs.getFirst();
        Tensor output = Tensor.zeros(result.type(), result.shape());
        Window window = pool.window();
        int height = image.shape().dimension(1);
        int width = image.shape().dimension(2);
        int channels = image.shape().dimension(3);
        byte[] largest = new byte[channels];
        int index = 0;
        for (int row = 0; row < result.shape().dimension(1); row++) {
            int top = row * window.strideHeight() - window.padTop();
            int firstY = Patches.firstCell(top, window.dilationHeight());
            int endY = Patches.endCell(top, window.dilationHeight(), pool.kernelHeight(), height);
            for (int column = 0; column < result.shape().dimension(2); column++) {
                int left = column * window.strideWidth() - window.padLeft();
                int firstX = Patches.firstCell(left, window.dilationWidth());
                int endX = Patches.endCell(left, window.dilationWidth(), pool.kernelWidth(), width);
                for (int channel = 0; channel < channels; channel += Lanes.COUNT) {
                    // The last vector overlaps the one before it.
                    int first = Math.min(channel, channels - Lanes.COUNT);
                    ByteVector most = ByteVector.broadcast(Lanes.BYTES, Byte.MIN_VALUE);
                    for (int ky = firstY; ky < endY; ky++) {
                        int line = (top + ky * window.dilationHeight()) * width + left;
                        for (int kx = firstX; kx < endX; kx++) {
                            int at = (line + kx * window.dilationWidth()) * channels + first;
                            most = most.max(ByteVector.fromArray(Lanes.BYTES, image.data(), at));
                        }
                    }
                    most.intoArray(largest, first);
                }
                end.map(largest, 0, channels, output, index);
                index += channels;
            }
        }
        return output;
    }
}
