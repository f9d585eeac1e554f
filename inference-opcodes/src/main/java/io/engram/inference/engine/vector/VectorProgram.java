package io.engram.inference.engine.vector;

import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.ModelRun;
import io.engram.inference.engine.StepwiseRun;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.model.Node;
import io.engram.inference.operator.Add;
import io.engram.inference.operator.Clamp;
import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.DepthwiseConv2d;
import io.engram.inference.operator.DynamicDense;
import io.engram.inference.operator.MatMul;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.Requantise;
import io.engram.inference.operator.Value;
import io.engram.inference.operator.WideDense;
import io.engram.inference.operator.WideMatMul;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The steps of a model: packed once, as far as the allowance goes; the reference computes the others. */
final class VectorProgram implements ModelProgram {

    /** What packed numbers of a model may take: this many times its constants, and {@link #FREE_BYTES}. */
    private static final int TIMES_WEIGHTS = 4;

    private static final long FREE_BYTES = 16L << 20;

    /** Output channels of a group, or channels of a depthwise layer, that are worth the vector units. */
    private static final int LEAST_CHANNELS = 4;

    /** Multiply–accumulates of one matrix product that are worth the vector units. */
    private static final long LEAST_PRODUCT = 2_048;

    private final Model model;
    private final Workers workers;
    private final List<Step> steps = new ArrayList<>();
    private final long allowed;
    private long allowance;

    VectorProgram(Model model, Workers workers) {
        this.model = model;
        this.workers = workers;
        this.allowed = FREE_BYTES + TIMES_WEIGHTS * model.facts().weightBytes();
        this.allowance = allowed;
        ModelProgram reference = new ReferenceBackend().prepare(model);
        for (int i = 0; i < model.graph().nodes().size(); i++) {
            int index = i;
            steps.add(prepare(index).orElse(inputs -> reference.step(index, inputs)));
        }
    }

    @Override
    public Tensor step(int index, List<Tensor> inputs) {
        return steps.get(index).run(inputs);
    }

    @Override
    public ModelRun run(List<Tensor> inputs, boolean commit, Cancellation cancellation) {
        return StepwiseRun.run(model, this, inputs, commit, cancellation);
    }

    @Override
    public long bytes() {
        return allowed - allowance;
    }

    private Optional<Step> prepare(int index) {
        Node node = model.graph().nodes().get(index);
        List<Value> in = node.inputs().stream().map(model::value).toList();
        Value result = model.value(model.graph().valueOf(index));
        return switch (node.operator()) {
            case Conv2d conv
            when isWide(conv, in) && takes(Convolution.bytes(conv, in)) ->
                Optional.of(new Convolution(conv, in, result, workers));
            case Dense dense
            when takes(DenseLayer.bytes(in)) -> Optional.of(new DenseLayer(dense, in, result, workers));
            case DynamicDense dense
            when takes(WideEnding.bytes(in)) -> Optional.of(new DynamicLayer(dense, in, result, workers));
            case WideDense dense
            when WideLayer.fits(in) && takes(WideEnding.bytes(in)) ->
                Optional.of(new WideLayer(dense, in, result, workers));
            case DepthwiseConv2d conv
            when Depthwise.fits(in) && in.getFirst().shape().last() >= LEAST_CHANNELS && takes(Depthwise.bytes(in)) ->
                Optional.of(new Depthwise(conv, in, result, workers));
            case MatMul matMul
            when isLarge(in, result) && takes(MatrixProduct.bytes(result)) ->
                Optional.of(new MatrixProduct(matMul, in, result, workers));
            case WideMatMul matMul
            when isLarge(in, result) -> Optional.of(new WideProduct(matMul, in, result, workers));
            case MaxPool pool when MaximumPool.fits(in) -> Optional.of(new MaximumPool(pool, result));
            case Add add when ByteSum.fits(in) -> Optional.of(new ByteSum(add, result));
            case Requantise requantise when isInt8(in) -> Optional.of(ByteMap.of(requantise, result));
            case Clamp clamp when isInt8(in) -> Optional.of(ByteMap.of(clamp, result));
            default -> Optional.empty();
        };
    }

    /** Below this there is too little for the lanes to share, and the reference is the faster one. */
    private static boolean isWide(Conv2d conv, List<Value> in) {
        return in.get(1).shape().dimension(0) / conv.groups() >= LEAST_CHANNELS;
    }

    /** Whether one of the products is worth the vector units. */
    private static boolean isLarge(List<Value> in, Value result) {
        Shape shape = result.shape();
        long columns = shape.last();
        long rows = shape.dimension(shape.rank() - 2);
        return rows * columns * in.getFirst().shape().last() >= LEAST_PRODUCT;
    }

    private static boolean isInt8(List<Value> in) {
        return in.getFirst().type() == TensorType.INT8;
    }

    private boolean takes(long bytes) {
        if (bytes > allowance) {
            return false;
        }
        allowance -= bytes;
        return true;
    }
}
