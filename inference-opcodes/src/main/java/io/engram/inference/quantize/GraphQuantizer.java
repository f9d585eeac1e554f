package io.engram.inference.quantize;

import io.engram.genesis.Address;
import io.engram.inference.model.GraphInput;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/** Turns a float graph and a plan of scales into an integer graph: one integer node for each float node, and copies in int8 of int16 values. */
final class GraphQuantizer {

    private final Emitter emitter;

    private GraphQuantizer(Emitter emitter) {
        this.emitter = emitter;
    }

    /**
     * @param roundings of the weights, by node
     * @throws UnsupportedOperatorException if a node has no integer form
     */
    static QuantizedGraph quantize(
            FloatGraph source, ScalePlan plan, List<WeightRounding> roundings, Address author, ImportOptions options)
            throws UnsupportedOperatorException {
        Emitter emitter = new Emitter(source, plan, roundings, author, options);
        GraphQuantizer quantizer = new GraphQuantizer(emitter);
        for (int i = 0; i < source.nodes().size(); i++) {
            emitter.define(i, quantizer.node(i));
        }
        return emitter.build();
    }

    private int node(int index) throws UnsupportedOperatorException {
        FloatNode node = emitter.node(index);
        if (!Shape.isValid(node.shape())) {
            throw Emitter.unsupported(node, "shape " + Arrays.toString(node.shape()));
        }
        Shape shape = Shape.of(node.shape());
        try {
            return switch (node.operation()) {
                case FloatOperation.Input _ -> input(index, shape);
                case FloatOperation.Constant(float[] values) -> constant(index, values, shape);
                case FloatOperation.Convolution layer -> LayerQuantizer.convolution(emitter, index, layer);
                case FloatOperation.Dense layer -> LayerQuantizer.dense(emitter, index, layer);
                case FloatOperation.Sum sum -> ElementQuantizer.sum(emitter, index, sum);
                case FloatOperation.Product product -> ElementQuantizer.product(emitter, index, product);
                case FloatOperation.Pointwise pointwise -> ElementQuantizer.lookup(emitter, index, pointwise);
                case FloatOperation.ChannelAffine _ -> throw Emitter.unsupported(node, "a scale for each channel");
                case FloatOperation.MaxPool pool -> PoolQuantizer.max(emitter, index, pool);
                case FloatOperation.AveragePool pool -> PoolQuantizer.average(emitter, index, pool);
                case FloatOperation.Round _ -> ElementQuantizer.round(emitter, index);
                case FloatOperation.Reshape _ -> MoveQuantizer.reshape(emitter, node, shape);
                case FloatOperation.Transpose transpose -> MoveQuantizer.transpose(emitter, node, transpose);
                case FloatOperation.Concat concat -> MoveQuantizer.concatenate(emitter, index, concat);
                case FloatOperation.Pad pad -> MoveQuantizer.pad(emitter, index, pad);
                case FloatOperation.Softmax _ -> RowQuantizer.softmax(emitter, index);
                case FloatOperation.ArgMax _ -> RowQuantizer.argMax(emitter, node);
            };
        } catch (ArithmeticException | IllegalArgumentException e) {
            // Scales a factor of 2^30 apart, a batch that is padded, a window beyond the operator's bounds.
            throw Emitter.unsupported(node, String.valueOf(e.getMessage()));
        }
    }

    private int input(int index, Shape shape) {
        TensorType type = emitter.type(index);
        TensorScale own = emitter.scale(index);
        return emitter.input(new GraphInput(type, shape, type.min(), type.max(), own.scale(), own.zeroPoint()));
    }

    private int constant(int index, float[] values, Shape shape) {
        TensorType type = emitter.type(index);
        Tensor tensor = Tensor.zeros(type, shape);
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, emitter.scale(index).quantise(values[i], type));
        }
        return emitter.constant(tensor);
    }
}
