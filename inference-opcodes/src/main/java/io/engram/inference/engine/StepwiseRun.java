package io.engram.inference.engine;

import io.engram.genesis.Hash;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.model.Graph;
import io.engram.inference.model.GraphOutput;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** One run of a model over one sample, step after step, with the values that are alive. One thread. */
public final class StepwiseRun {

    /** Takes the place of an activation after its last use, so that peak memory is what the checker counted. */
    private static final Tensor RELEASED = Tensor.ofVector(TensorType.INT8, 0);

    private final Model model;
    private final Graph graph;
    private final ModelProgram program;
    private final Tensor[] values;
    private final int[] lastUse;
    private int next;

    StepwiseRun(Model model, ModelProgram program, List<Tensor> inputs) {
        this.model = model;
        this.graph = model.graph();
        this.program = program;
        this.values = new Tensor[graph.values()];
        this.lastUse = Liveness.lastUse(graph);
        for (int value = 0; value < graph.valueOf(0); value++) {
            values[value] = graph.isInput(value) ? inputs.get(value) : graph.constant(value);
        }
    }

    /** {@link ModelProgram#run} by means of {@link ModelProgram#step}. */
    public static ModelRun run(
            Model model, ModelProgram program, List<Tensor> inputs, boolean commit, Cancellation cancellation) {
        StepwiseRun run = new StepwiseRun(model, program, inputs);
        List<Hash> roots = new ArrayList<>();
        for (int i = 0; i < model.graph().nodes().size(); i++) {
            cancellation.check();
            Tensor result = run.step();
            if (commit) {
                roots.add(Commitments.tensorRoot(result));
            }
        }
        return new ModelRun(run.outputs(), roots);
    }

    /** Computes the next step. */
    Tensor step() {
        int index = next++;
        int made = graph.valueOf(index);
        Tensor result = program.step(index, operands(index));
        requireAsChecked(result, model.value(made), index);
        values[made] = result;
        for (int operand : graph.nodes().get(index).inputs()) {
            if (lastUse[operand] == index && !graph.isConstant(operand)) {
                values[operand] = RELEASED;
            }
        }
        return result;
    }

    /** The operands of the step that comes next. */
    List<Tensor> operands(int index) {
        List<Integer> numbers = graph.nodes().get(index).inputs();
        Tensor[] operands = new Tensor[numbers.size()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = values[numbers.get(i)];
        }
        return Collections.unmodifiableList(Arrays.asList(operands));
    }

    private List<Tensor> outputs() {
        return graph.outputs().stream()
                .map(GraphOutput::value)
                .map(value -> values[value])
                .toList();
    }

    private static void requireAsChecked(Tensor tensor, Value expected, int step) {
        if (tensor.type() != expected.type() || !tensor.shape().equals(expected.shape())) {
            throw new IllegalStateException("step " + step + " made " + tensor + ", the checker expects "
                    + expected.type() + " " + expected.shape());
        }
    }
}
