package io.engram.inference.engine.vector;

import io.engram.inference.operator.Dense;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/** A fully connected layer as a product with packed weights. */
final class DenseLayer implements Step {

    private final int zero;
    private final Value result;
    private final Workers workers;
    private final PackedWeights weights;
    private final Finish finish;
    private final int block;

    DenseLayer(Dense dense, List<Value> in, Value result, Workers workers) {
        this.zero = dense.inputZeroPoint();
        this.result = result;
        this.workers = workers;
        Value constant = in.get(1);
        this.block = Products.block(in.get(0).distance(zero), constant.distance(0));
        this.weights = PackedWeights.of(constant);
        this.finish = Finish.perChannel(
                dense.output(),
                in.get(2).constant().orElseThrow(),
                in.get(3).constant().orElseThrow(),
                in.get(4).constant().orElseThrow());
    }

    /** What the packed form takes. */
    static long bytes(List<Value> in) {
        int units = in.get(1).shape().dimension(0);
        return PackedWeights.bytes(in.get(1).shape().last(), units) + (long) units * Finish.BYTES_PER_CHANNEL;
    }

    @Override
    public Tensor run(List<Tensor> inputs) {
        Tensor output = Tensor.zeros(result.type(), result.shape());
        int units = result.shape().last();
        int rows = result.shape().elements() / units;
        MatrixRows left = new MatrixRows(inputs.getFirst().data(), 0, rows, weights.terms(), zero);
        Products.multiply(left, weights, block, new Products.Target(finish, 0, output, 0, units), workers);
        return output;
    }
}
