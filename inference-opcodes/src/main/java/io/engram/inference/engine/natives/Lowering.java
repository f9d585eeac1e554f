package io.engram.inference.engine.natives;

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
import io.engram.inference.operator.WideDense;
import io.engram.inference.operator.WideMatMul;
import io.engram.inference.operator.WideSoftmax;

/** Native steps for a node. */
final class Lowering {

    private Lowering() {}

    /** Adds the steps of the scope's node, or adds nothing and says false when another back end must compute it. */
    static boolean lower(Scope scope) {
        return switch (scope.graph().nodes().get(scope.node).operator()) {
            case Conv2d conv -> Products.conv2d(scope, conv);
            case Dense dense -> Products.dense(scope, dense);
            case MatMul matMul -> Products.matMul(scope, matMul);
            case DepthwiseConv2d conv -> Images.depthwise(scope, conv);
            case MaxPool pool -> Images.maxPool(scope, pool);
            case AveragePool pool -> Images.averagePool(scope, pool);
            case Add add -> Elements.add(scope, add);
            case Multiply multiply -> Elements.multiply(scope, multiply);
            case Clamp clamp -> Elements.clamp(scope, clamp);
            case Requantise requantise -> Elements.requantise(scope, requantise);
            case Lookup _ -> Elements.lookup(scope);
            case Concatenate concatenate -> Layouts.concatenate(scope, concatenate);
            case Transpose transpose -> Layouts.transpose(scope, transpose);
            case Pad pad -> Layouts.pad(scope, pad);
            case Softmax softmax -> Rows.softmax(scope, softmax);
            case ArgMax _ -> Rows.argMax(scope);
            case Gather gather -> Layouts.gather(scope, gather);
            case Slice slice -> Layouts.slice(scope, slice);
            case Normalise norm -> Rows.normalise(scope, norm);
            case Interpolate interpolate -> Elements.interpolate(scope, interpolate);
            case WideSoftmax softmax -> Rows.wideSoftmax(scope, softmax);
            case DynamicDense dense -> WideProducts.dynamicDense(scope, dense);
            case Mean mean -> Rows.mean(scope, mean);
            case WideMatMul matMul -> WideProducts.matMul(scope, matMul);
            case WideDense dense -> WideProducts.dense(scope, dense);
            case Reshape _ -> throw new IllegalArgumentException("a reshape takes no steps");
        };
    }
}
