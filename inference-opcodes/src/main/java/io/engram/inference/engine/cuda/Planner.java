package io.engram.inference.engine.cuda;

import io.engram.inference.model.Graph;
import io.engram.inference.model.GraphOutput;
import io.engram.inference.model.Model;
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
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.Pad;
import io.engram.inference.operator.Requantise;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Slice;
import io.engram.inference.operator.Softmax;
import io.engram.inference.operator.Transpose;
import io.engram.inference.operator.WideDense;
import io.engram.inference.operator.WideMatMul;
import io.engram.inference.operator.WideSoftmax;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes the plan of a model. */
final class Planner {

    private static final int UNPLACED = -1;

    private final Graph graph;
    private final Scope scope;

    Planner(Model model, int multiprocessors) {
        this.graph = model.graph();
        this.scope = new Scope(model, multiprocessors);
    }

    /** @throws io.engram.inference.engine.UnsupportedModelException when the kernels cannot compute the model */
    Plan plan(Arena memory) {
        int[] places = scope.places;
        Arrays.fill(places, UNPLACED);
        for (int i = 0; i < graph.inputs().size(); i++) {
            places[i] = allocate(i);
        }
        long uploadBytes = scope.arena.bytes();
        long downloadFrom = scope.arena.mark();
        for (GraphOutput output : graph.outputs()) {
            int source = source(output.value());
            if (graph.isInput(source)) {
                downloadFrom = 0;
            }
            if (places[source] == UNPLACED) {
                places[source] = allocate(source);
            }
        }
        int roots = scope.arena.allocate((long) Hashes.DIGEST * graph.nodes().size());
        long downloadBytes = scope.arena.bytes() - downloadFrom;
        Hashes hashes = new Hashes(scope);
        int leaves = scope.arena.allocate((long) Hashes.DIGEST * hashes.chunks());
        List<Launch> launches = new ArrayList<>();
        List<Plan.Span> nodes = new ArrayList<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            scope.node = i;
            int result = graph.valueOf(i);
            int source = source(result);
            if (places[source] == UNPLACED) {
                places[source] = allocate(source);
            }
            places[result] = places[source];
            int from = launches.size();
            lower(graph.nodes().get(i).operator());
            launches.addAll(scope.takeLaunches());
            nodes.add(new Plan.Span(from, launches.size()));
        }
        hashes.launch(leaves, roots);
        List<Launch> hashLaunches = scope.takeLaunches();
        MemorySegment records = scope.writeRecords(memory);
        return new Plan(
                launches,
                nodes,
                hashLaunches,
                records,
                scope.constants.write(memory),
                places,
                uploadBytes,
                downloadFrom,
                roots,
                downloadBytes,
                scope.arena.bytes());
    }

    private int allocate(int value) {
        return scope.arena.allocate(scope.model.value(value).bytes());
    }

    /** The value whose bytes these are: reshapes share the memory of what they reshape. */
    private int source(int value) {
        int source = value;
        while (!graph.isInput(source)
                && !graph.isConstant(source)
                && graph.nodes().get(graph.nodeOf(source)).operator() instanceof Reshape) {
            source = graph.nodes().get(graph.nodeOf(source)).inputs().getFirst();
        }
        return source;
    }

    private void lower(Operator operator) {
        switch (operator) {
            case Conv2d conv -> Products.conv2d(scope, conv);
            case DepthwiseConv2d conv -> Images.depthwise(scope, conv);
            case Dense dense -> Products.dense(scope, dense);
            case MatMul matMul -> Products.matMul(scope, matMul);
            case MaxPool pool -> Images.maxPool(scope, pool);
            case AveragePool pool -> Images.averagePool(scope, pool);
            case Add add -> Pointwise.add(scope, add);
            case Multiply multiply -> Pointwise.multiply(scope, multiply);
            case Clamp clamp -> Pointwise.clamp(scope, clamp);
            case Concatenate concatenate -> Pointwise.concatenate(scope, concatenate);
            case Reshape _ -> {}
            case Transpose transpose -> Layouts.transpose(scope, transpose);
            case Pad pad -> Layouts.pad(scope, pad);
            case Lookup _ -> Pointwise.lookup(scope);
            case Softmax softmax -> Rows.softmax(scope, softmax);
            case ArgMax _ -> Rows.argMax(scope);
            case Requantise requantise -> Pointwise.requantise(scope, requantise);
            case Gather gather -> Layouts.gather(scope, gather);
            case Slice slice -> Layouts.slice(scope, slice);
            case Normalise norm -> Rows.normalise(scope, norm);
            case Interpolate interpolate -> Pointwise.interpolate(scope, interpolate);
            case WideSoftmax softmax -> Rows.wideSoftmax(scope, softmax);
            case DynamicDense dense -> Products.dynamicDense(scope, dense);
            case Mean mean -> Layouts.mean(scope, mean);
            case WideDense dense -> Products.wideDense(scope, dense);
            case WideMatMul matMul -> Products.wideMatMul(scope, matMul);
        }
    }
}
