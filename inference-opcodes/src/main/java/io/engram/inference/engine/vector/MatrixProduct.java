package io.engram.inference.engine.vector;

import io.engram.inference.operator.MatMul;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/** Products of matrices that the model computes. */
final class MatrixProduct implements Step {

    private final MatMul matMul;
    private final Value result;
    private final Workers workers;
    private final Finish finish;
    private final int block;
    private final int terms;

    MatrixProduct(MatMul matMul, List<Value> in, Value result, Workers workers) {
        this.matMul = matMul;
        this.result = result;
        this.workers = workers;
        this.terms = in.getFirst().shape().last();
        this.block = Products.block(
                in.get(0).distance(matMul.zeroPointA()), in.get(1).distance(matMul.zeroPointB()));
        this.finish =
                Finish.uniform(matMul.output(), matMul.rescale(), result.shape().last());
    }

    /** What the prepared form takes. */
    static long bytes(Value result) {
        return (long) result.shape().last() * Finish.BYTES_PER_CHANNEL;
    }

    @Override
    public Tensor run(List<Tensor> inputs) {
        byte[] a = inputs.get(0).data();
        byte[] b = inputs.get(1).data();
        Tensor output = Tensor.zeros(result.type(), result.shape());
        int columns = result.shape().last();
        int rows = result.shape().dimension(result.shape().rank() - 2);
        int matrices = result.shape().elements() / (rows * columns);
        Panels panels = new Panels(columns);
        for (int matrix = 0; matrix < matrices; matrix++) {
            MatrixRows left = new MatrixRows(a, matrix * rows * terms, rows, terms, matMul.zeroPointA());
            MatrixColumns right = new MatrixColumns(
                    b, matrix * terms * columns, terms, panels, matMul.transposed(), matMul.zeroPointB());
            Products.Target target = new Products.Target(finish, 0, output, matrix * rows * columns, columns);
            Products.multiply(left, right, block, target, workers);
        }
        return output;
    }
}
