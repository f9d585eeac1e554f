package io.engram.inference.engine.cuda;

import io.engram.inference.operator.AveragePool;
import io.engram.inference.operator.DepthwiseConv2d;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;

/** Operators that slide a window over each channel by itself (images.cuh). */
final class Images {

    private Images() {}

    static void depthwise(Scope scope, DepthwiseConv2d conv) {
        Shape kernel = scope.shape(1);
        Fields fields = image(
                        scope,
                        kernel.dimension(0),
                        kernel.dimension(1),
                        conv.window(),
                        conv.inputZeroPoint(),
                        conv.output())
                .add(scope.place(1))
                .add(scope.constants.add(scope.constant(2)))
                .add(scope.constants.add(scope.constant(3)))
                .add(scope.constants.add(scope.constant(4)));
        launch(scope, Kernel.DEPTHWISE, fields);
    }

    static void maxPool(Scope scope, MaxPool pool) {
        Fields fields = image(
                        scope,
                        pool.kernelHeight(),
                        pool.kernelWidth(),
                        pool.window(),
                        pool.inputZeroPoint(),
                        pool.output())
                .add(pool.rescale().multiplier(), pool.rescale().shift());
        launch(scope, Kernel.MAX_POOL, fields);
    }

    static void averagePool(Scope scope, AveragePool pool) {
        Fields fields = image(
                        scope,
                        pool.kernelHeight(),
                        pool.kernelWidth(),
                        pool.window(),
                        pool.inputZeroPoint(),
                        pool.output())
                .add(pool.rescale().multiplier(), pool.rescale().shift());
        launch(scope, Kernel.AVERAGE_POOL, fields);
    }

    private static Fields image(
            Scope scope, int kernelHeight, int kernelWidth, Window window, int zeroPoint, OutputRange output) {
        Shape image = scope.shape(0);
        Shape result = scope.result().shape();
        return new Fields()
                .add(scope.place(0), scope.resultPlace())
                .add(image.dimension(1), image.dimension(2), image.dimension(3))
                .add(result.dimension(1), result.dimension(2), kernelHeight, kernelWidth)
                .window(window)
                .add(zeroPoint)
                .range(output);
    }

    private static void launch(Scope scope, Kernel kernel, Fields fields) {
        scope.launch(kernel, scope.result().shape().elements(), fields);
    }
}
