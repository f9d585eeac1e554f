package io.engram.inference.engine;

import io.engram.genesis.Hash;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.commitment.StepLeaf;
import io.engram.inference.model.Graph;
import io.engram.inference.model.GraphOutput;
import io.engram.inference.model.Model;
import io.engram.inference.model.Node;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One run of a model over one sample: the values that are alive and the roots of all. One thread. */
final class Execution {

    /** Takes the place of an activation after its last use, so that peak memory is what the checker counted. */
    private static final Tensor RELEASED = Tensor.ofVector(TensorType.INT8, 0);

    private final Model model;
    private final Graph graph;
    private final ModelProgram program;
    private final Tensor[] values;
    private final Hash[] roots;
    private final int[] lastUse;
    private int next;

    Execution(Model model, ModelProgram program, List<Tensor> inputs, List<Hash> inputRoots) {
        this.model = model;
        this.graph = model.graph();
        this.program = program;
        this.values = new Tensor[graph.values()];
        this.roots = new Hash[graph.values()];
        this.lastUse = lastUse(graph);
        for (int value = 0; value < graph.valueOf(0); value++) {
            boolean input = graph.isInput(value);
            values[value] = input ? inputs.get(value) : graph.constant(value);
            roots[value] = input ? inputRoots.get(value) : model.constantRoot(value);
        }
    }

    /** Computes the next step. */
    StepLeaf step() {
        int index = next++;
        List<Tensor> operands = operands(index);
        int made = graph.valueOf(index);
        Tensor result = program.step(index, operands);
        requireAsChecked(result, model.value(made), index);
        values[made] = result;
        roots[made] = Commitments.tensorRoot(result);
        Node node = graph.nodes().get(index);
        List<Hash> operandRoots = new ArrayList<>(operands.size());
        for (int operand : node.inputs()) {
            operandRoots.add(roots[operand]);
            if (lastUse[operand] == index && !graph.isConstant(operand)) {
                values[operand] = RELEASED;
            }
        }
        return leaf(model, index, operandRoots, roots[made]);
    }

    /** The operands of the step that comes next. */
    List<Tensor> operands(int index) {
        List<Integer> numbers = graph.nodes().get(index).inputs();
        Tensor[] operands = new Tensor[numbers.size()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = values[numbers.get(i)];
        }
        return List.of(operands);
    }

    boolean isDone() {
        return next == graph.nodes().size();
    }

    byte[] output() {
        byte[] output = new byte[model.facts().outputBytes()];
        int offset = 0;
        for (GraphOutput out : graph.outputs()) {
            Tensor tensor = values[out.value()];
            System.arraycopy(tensor.data(), 0, output, offset, tensor.byteLength());
            offset += tensor.byteLength();
        }
        return output;
    }

    Hash outputRoot() {
        return Commitments.valuesRoot(
                graph.outputs().stream().map(output -> roots[output.value()]).toList());
    }

    static StepLeaf leaf(Model model, int index, List<Hash> operandRoots, Hash resultRoot) {
        return new StepLeaf(
                model.id(),
                index,
                model.graph().nodes().get(index).operator().code(),
                model.attributeHash(index),
                operandRoots,
                List.of(resultRoot));
    }

    static void requireAsChecked(Tensor tensor, Value expected, int step) {
        if (tensor.type() != expected.type() || !tensor.shape().equals(expected.shape())) {
            throw new IllegalStateException("step " + step + " made " + tensor + ", the checker expects "
                    + expected.type() + " " + expected.shape());
        }
    }

    private static int[] lastUse(Graph graph) {
        int[] lastUse = new int[graph.values()];
        Arrays.fill(lastUse, -1);
        for (int i = 0; i < graph.nodes().size(); i++) {
            for (int operand : graph.nodes().get(i).inputs()) {
                lastUse[operand] = i;
            }
        }
        for (GraphOutput output : graph.outputs()) {
            lastUse[output.value()] = Integer.MAX_VALUE;
        }
        return lastUse;
    }
}
