package io.engram.inference.quantize;

import io.engram.inference.onnx.Clamp;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.onnx.Weights;
import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.DepthwiseConv2d;
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.WideDense;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;

/** Integer forms of the layers with weights. */
final class LayerQuantizer {

    private LayerQuantizer() {}

    static int convolution(Emitter emitter, int index, FloatOperation.Convolution convolution)
            throws UnsupportedOperatorException {
        FloatNode node = emitter.node(index);
        if (emitter.isWide(node, 0) && WideNodes.readsWide(node)) {
            return wide(emitter, index, convolution.weights(), convolution.clamp());
        }
        Emitter.Operand operand = emitter.input(node);
        TensorScale in = operand.scale();
        ChannelMap map = emitter.read(node).map();
        Weights stored = map.isIdentity()
                ? convolution.weights()
                : Equalisation.changed(convolution.weights(), convolution.groups(), map, ChannelMap.IDENTITY);
        Window window = PoolQuantizer.window(convolution.window());
        int outputs = convolution.weights().outputs();
        int height = convolution.window().kernelHeight();
        int width = convolution.window().kernelWidth();
        int depth = convolution.weights().each() / (height * width);
        ChannelWeights weights = ChannelWeights.of(
                stored, in, emitter.scale(index), emitter.rounding(index).stored(map));
        OutputRange range = emitter.range(index, convolution.clamp());
        boolean depthwise = depth == 1 && convolution.groups() == outputs;
        Tensor kernel = depthwise
                ? Tensor.wrap(TensorType.INT8, Shape.of(height, width, outputs), weights.quantised())
                : Tensor.wrap(TensorType.INT8, Shape.of(outputs, height, width, depth), weights.outputFirst());
        Operator operator = depthwise
                ? new DepthwiseConv2d(window, in.zeroPoint(), range)
                : new Conv2d(window, convolution.groups(), in.zeroPoint(), range);
        return layer(emitter, operand, operator, kernel, weights);
    }

    static int dense(Emitter emitter, int index, FloatOperation.Dense dense) throws UnsupportedOperatorException {
        FloatNode node = emitter.node(index);
        if (emitter.isWide(node, 0)) {
            return wide(emitter, index, dense.weights(), dense.clamp());
        }
        Emitter.Operand operand = emitter.int8(node, 0);
        TensorScale in = operand.scale();
        ChannelWeights weights = ChannelWeights.of(dense.weights(), in, emitter.scale(index), emitter.rounding(index));
        Shape shape = Shape.of(dense.weights().outputs(), dense.weights().each());
        Tensor matrix = Tensor.wrap(TensorType.INT8, shape, weights.outputFirst());
        Operator operator = new Dense(in.zeroPoint(), emitter.range(index, dense.clamp()));
        return layer(emitter, operand, operator, matrix, weights);
    }

    /** A layer that reads one position, in int16. */
    private static int wide(Emitter emitter, int index, Weights layer, Clamp clamp)
            throws UnsupportedOperatorException {
        Emitter.Operand operand = emitter.operand(emitter.node(index), 0);
        DenseIntegers integers = DenseIntegers.of(
                layer, operand.scale().step(), emitter.scale(index).step(), 1, emitter.rounding(index));
        Shape shape = Shape.of(layer.outputs(), layer.each());
        return emitter.emit(
                new WideDense(integers.biasShift(), emitter.range(index, clamp)),
                operand.handle(),
                emitter.constant(Tensor.wrap(TensorType.INT8, shape, integers.weights())),
                emitter.constant(Tensor.ofVector(TensorType.INT32, integers.bias())),
                emitter.constant(Tensor.ofVector(TensorType.INT32, integers.multipliers())),
                emitter.constant(Tensor.ofVector(TensorType.INT8, integers.shifts())));
    }

    private static int layer(
            Emitter emitter, Emitter.Operand operand, Operator operator, Tensor kernel, ChannelWeights weights) {
        int weight = emitter.constant(kernel);
        int bias = emitter.constant(Tensor.ofVector(TensorType.INT32, weights.bias()));
        int multipliers = emitter.constant(Tensor.ofVector(TensorType.INT32, weights.multipliers()));
        int shifts = emitter.constant(Tensor.ofVector(TensorType.INT8, weights.shifts()));
        return emitter.emit(operator, operand.handle(), weight, bias, multipliers, shifts);
    }
}
