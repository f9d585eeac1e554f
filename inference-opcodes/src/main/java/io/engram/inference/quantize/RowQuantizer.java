package io.engram.inference.quantize;

import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.operator.ArgMax;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Softmax;
import io.engram.inference.operator.WideSoftmax;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;

/** Integer forms of what works along the last axis. */
final class RowQuantizer {

    private static final int SOFTMAX_ONE = 1 << 24;
    private static final int SOFTMAX_LEVELS = 255;

    private RowQuantizer() {}

    static int softmax(Emitter emitter, int index) throws UnsupportedOperatorException {
        FloatNode node = emitter.node(index);
        if (emitter.isWide(node, 0)) {
            return wideSoftmax(emitter, index);
        }
        Emitter.Operand operand = emitter.int8(node, 0);
        double step = operand.scale().step();
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            table[i] = (int) StrictMath.round(SOFTMAX_ONE * StrictMath.exp(-i * step));
        }
        OutputRange range = OutputRange.int8(emitter.scale(index).zeroPoint());
        int constant = emitter.constant(Tensor.ofVector(TensorType.INT32, table));
        return emitter.emit(new Softmax(SOFTMAX_LEVELS, range), operand.handle(), constant);
    }

    private static int wideSoftmax(Emitter emitter, int index) throws UnsupportedOperatorException {
        Emitter.Operand operand = emitter.operand(emitter.node(index), 0);
        Exponentials tables = Exponentials.of(operand.scale().step());
        OutputRange range = OutputRange.int8(emitter.scale(index).zeroPoint());
        return emitter.emit(
                new WideSoftmax(false, SOFTMAX_LEVELS, range),
                operand.handle(),
                emitter.constant(tables.coarse()),
                emitter.constant(tables.fine()));
    }

    static int argMax(Emitter emitter, FloatNode node) {
        return emitter.emit(new ArgMax(), emitter.handle(node, 0));
    }
}
