package io.engram.inference.quantize;

import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.operator.AveragePool;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Window;

/** Integer forms of pooling. */
final class PoolQuantizer {

    private PoolQuantizer() {}

    static int max(Emitter emitter, int index, FloatOperation.MaxPool pool) throws UnsupportedOperatorException {
        Emitter.Operand operand = emitter.int8(emitter.node(index), 0);
        TensorScale own = emitter.scale(index);
        MaxPool operator = new MaxPool(
                pool.window().kernelHeight(),
                pool.window().kernelWidth(),
                window(pool.window()),
                own.zeroPoint(),
                Rescale.IDENTITY,
                OutputRange.int8(own.zeroPoint()));
        return emitter.emit(operator, operand.handle());
    }

    static int average(Emitter emitter, int index, FloatOperation.AveragePool pool)
            throws UnsupportedOperatorException {
        Emitter.Operand operand = emitter.int8(emitter.node(index), 0);
        TensorScale in = operand.scale();
        TensorScale own = emitter.scale(index);
        AveragePool operator = new AveragePool(
                pool.window().kernelHeight(),
                pool.window().kernelWidth(),
                window(pool.window()),
                in.zeroPoint(),
                TensorScale.rescale(in.step() / own.step()),
                OutputRange.int8(own.zeroPoint()));
        return emitter.emit(operator, operand.handle());
    }

    static Window window(io.engram.inference.onnx.Window window) {
        return new Window(
                window.strideHeight(),
                window.strideWidth(),
                window.dilationHeight(),
                window.dilationWidth(),
                window.top(),
                window.left(),
                window.bottom(),
                window.right());
    }
}
