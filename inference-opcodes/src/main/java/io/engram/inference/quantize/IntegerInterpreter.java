package io.engram.inference.quantize;

import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/** Runs a model on the reference back end and keeps every value. */
final class IntegerInterpreter {

    private final Graph graph;
    private final ModelProgram program;

    IntegerInterpreter(Model model) {
        graph = model.graph();
        program = new ReferenceBackend().prepare(model);
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
}
