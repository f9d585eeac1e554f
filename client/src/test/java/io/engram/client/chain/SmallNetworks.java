package io.engram.client.chain;

import io.engram.genesis.Address;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;

/** Networks that are quickly computed and paid for. */
final class SmallNetworks {

    private static final int INPUTS = 4;
    private static final int OUTPUTS = 3;

    private SmallNetworks() {}

    /** One dense layer from four values to three, for batches of up to four. */
    static GraphBuilder dense(Address author) {
        GraphBuilder builder = new GraphBuilder(author, 4);
        builder.output(dense(builder), new Scale(1, 0), 0);
        return builder;
    }

    /** Adds the input and the layer to a graph, and gives the value of its output. */
    static int dense(GraphBuilder builder) {
        int input = builder.input(new GraphInput(TensorType.INT8, Shape.of(1, INPUTS), -128, 127, new Scale(1, 0), 0));
        Tensor weights = Tensor.zeros(TensorType.INT8, Shape.of(OUTPUTS, INPUTS));
        Tensor multipliers = Tensor.zeros(TensorType.INT32, Shape.of(OUTPUTS));
        Tensor shifts = Tensor.zeros(TensorType.INT8, Shape.of(OUTPUTS));
        for (int i = 0; i < OUTPUTS * INPUTS; i++) {
            weights.set(i, i - 5);
        }
        for (int i = 0; i < OUTPUTS; i++) {
            multipliers.set(i, 1 << 30);
            shifts.set(i, 31);
        }
        return builder.node(
                new Dense(0, OutputRange.int8(0)),
                input,
                builder.constant(weights),
                builder.constant(Tensor.zeros(TensorType.INT32, Shape.of(OUTPUTS))),
                builder.constant(multipliers),
                builder.constant(shifts));
    }
}
