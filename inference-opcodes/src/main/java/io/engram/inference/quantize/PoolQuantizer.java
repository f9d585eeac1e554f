package io.engram.inference.quantize;

import io.engram.inference.onnx.Clamp;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.Shapes;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.operator.AveragePool;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.Mean;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;

/** Integer forms of pooling. */
final class PoolQuantizer {

    /** Most cells whose int16 values certainly add up within 31 bits. */
    private static final int MAX_MEAN = 1 << 16;

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
        FloatNode node = emitter.node(index);
        int cells = pool.window().kernelHeight() * pool.window().kernelWidth();
        boolean whole = !pool.window().padded() && Shapes.size(node.shape()) == node.channels();
        if (whole && cells <= MAX_MEAN && emitter.isWide(node, 0) && coversInput(emitter, node, cells)) {
            return mean(emitter, index, cells);
        }
        Emitter.Operand operand = emitter.int8(node, 0);
        TensorScale in = operand.scale();
        TensorScale own = emitter.scale(index);
        AveragePool operator = new AveragePool(
                pool.window().kernelHeight(),
                pool.window().kernelWidth(),
                window(pool.window()),
                in.zeroPoint(),
                TensorScale.rescale(in.step() / own.step()),
                emitter.range(index, Clamp.NONE));
        return emitter.emit(operator, operand.handle());
    }

    /** Whether the one place where the window fits is the whole image. */
    private static boolean coversInput(Emitter emitter, FloatNode node, int cells) {
        FloatNode input = emitter.node(node.inputs().getFirst());
        return Shapes.size(input.shape()) == cells * input.channels();
    }

    /** The mean of a whole image in int16. */
    private static int mean(Emitter emitter, int index, int cells) throws UnsupportedOperatorException {
        FloatNode node = emitter.node(index);
        Emitter.Operand operand = emitter.operand(node, 0);
        int flat = emitter.emit(new Reshape(Shape.of(1, cells, 1, node.channels())), operand.handle());
        Rescale rescale = TensorScale.rescale(
                operand.scale().step() / emitter.scale(index).step());
        Mean operator = new Mean(1, false, operand.scale().zeroPoint(), rescale, emitter.range(index, Clamp.NONE));
        return emitter.emit(operator, flat);
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
