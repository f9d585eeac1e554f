package io.engram.inference.engine.reference;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.ModelRun;
import io.engram.inference.engine.StepwiseRun;
import io.engram.inference.model.Model;
import io.engram.inference.model.Node;
import io.engram.inference.operator.Add;
import io.engram.inference.operator.ArgMax;
import io.engram.inference.operator.AveragePool;
import io.engram.inference.operator.Clamp;
import io.engram.inference.operator.Concatenate;
import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.DepthwiseConv2d;
import io.engram.inference.operator.DynamicDense;
import io.engram.inference.operator.Gather;
import io.engram.inference.operator.Interpolate;
import io.engram.inference.operator.Lookup;
import io.engram.inference.operator.MatMul;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.Mean;
import io.engram.inference.operator.Multiply;
import io.engram.inference.operator.Normalise;
import io.engram.inference.operator.Pad;
import io.engram.inference.operator.Requantise;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Slice;
import io.engram.inference.operator.Softmax;
import io.engram.inference.operator.Transpose;
import io.engram.inference.operator.Value;
import io.engram.inference.operator.WideDense;
import io.engram.inference.operator.WideMatMul;
import io.engram.inference.operator.WideSoftmax;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/** One scalar routine for each operator. The oracle of every other back end. */
public final class ReferenceBackend implements Backend {

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public ModelProgram prepare(Model model) {
        return new Program(model);
    }

    private record Program(Model model) implements ModelProgram {

        @Override
        public Tensor step(int index, List<Tensor> inputs) {
            Node node = model.graph().nodes().get(index);
            return compute(node, inputs, model.value(model.graph().valueOf(index)));
        }

        @Override
        public ModelRun run(List<Tensor> inputs, boolean commit, Cancellation cancellation) {
            return StepwiseRun.run(model, this, inputs, commit, cancellation);
        }

        @Override
        public long bytes() {
            return 0;
        }
    }

    private static Tensor compute(Node node, List<Tensor> in, Value result) {
        Shape shape = result.shape();
        return switch (node.operator()) {
            case Conv2d conv -> Convolutions.conv2d(conv, in, shape);
            case DepthwiseConv2d conv -> Convolutions.depthwise(conv, in, shape);
            case Dense dense -> Products.dense(dense, in, shape);
            case MatMul matMul -> Products.matMul(matMul, in.get(0), in.get(1), shape);
            case MaxPool pool -> Pools.max(pool, in.get(0), shape);
            case AveragePool pool -> Pools.average(pool, in.get(0), shape);
            case Add add -> Elementwise.add(add, in.get(0), in.get(1), shape);
            case Multiply multiply -> Elementwise.multiply(multiply, in.get(0), in.get(1), shape);
            case Clamp clamp -> Elementwise.clamp(clamp, in.get(0));
            case Requantise requantise -> Elementwise.requantise(requantise, in.get(0));
            case Lookup _ -> Elementwise.lookup(in.get(0), in.get(1));
            case Concatenate concatenate -> Layouts.concatenate(concatenate, in, shape);
            case Reshape _ -> in.get(0).reshaped(shape);
            case Transpose transpose -> Layouts.transpose(transpose, in.get(0), shape);
            case Pad pad -> Layouts.pad(pad, in.get(0), shape);
            case Softmax softmax -> Rows.softmax(softmax, in.get(0), in.get(1));
            case ArgMax _ -> Rows.argMax(in.get(0), shape);
            case Gather gather -> Layouts.gather(gather, in.get(0), in.get(1), shape);
            case Slice slice -> Layouts.slice(slice, in.get(0), shape);
            case Normalise norm -> Norms.normalise(norm, in);
            case Interpolate interpolate -> Elementwise.interpolate(interpolate, in.get(0), in.get(1));
            case WideSoftmax softmax -> Rows.wideSoftmax(softmax, in);
            case DynamicDense dense -> Products.dynamicDense(dense, in, shape);
            case Mean mean -> Means.mean(mean, in, shape);
            case WideDense dense -> Products.wideDense(dense, in, shape);
            case WideMatMul matMul -> Products.wideMatMul(matMul, in.get(0), in.get(1), shape);
        };
    }
}
