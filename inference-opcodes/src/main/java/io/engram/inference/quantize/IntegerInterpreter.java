package io.engram.inference.quantize;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/** Runs a model and keeps every value. Safe for use by many threads. */
final class IntegerInterpreter {

    private final Graph graph;
    private final ModelProgram program;

    IntegerInterpreter(Model model, Backend backend) {
        graph = model.graph();
        program = backend.prepare(model);
    }

    /** The value of every number of the graph. */
    Tensor[] run(List<Tensor> inputs) {
        Tensor[] values = new Tensor[graph.values()];
        for (int i = 0; i < graph.valueOf(0); i++) {
            values[i] = graph.isInput(i) ? inputs.get(i) : graph.constant(i);
        }
        for (int i = 0; i < graph.nodes().size(); i++) {
            Tensor[] operands = graph.nodes().get(i).inputs().stream()
                    .map(value -> values[value])
                    .toArray(Tensor[]::new);
            values[graph.valueOf(i)] = program.step(i, List.of(operands));
        }
        return values;
    }

    /** One step whose activation is given; its other operands are constants. */
    Tensor step(int step, Tensor activation) {
        List<Integer> operands = graph.nodes().get(step).inputs();
        Tensor[] values = new Tensor[operands.size()];
        values[0] = activation;
        for (int i = 1; i < values.length; i++) {
            values[i] = graph.constant(operands.get(i));
        }
        return program.step(step, List.of(values));
    }
}
