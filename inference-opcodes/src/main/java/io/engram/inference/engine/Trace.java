package io.engram.inference.engine;

import io.engram.genesis.Hash;
import io.engram.inference.commitment.StepLeaf;
import io.engram.inference.model.Graph;
import io.engram.inference.model.GraphOutput;
import io.engram.inference.model.Model;
import java.util.ArrayList;
import java.util.List;

/** The step leaves of a run, made from the roots of its values. */
final class Trace {

    private final Model model;
    private final Graph graph;
    private final List<Hash> inputRoots;
    private final List<Hash> resultRoots;

    /** @throws IllegalArgumentException when there is not one root for each input and each step */
    Trace(Model model, List<Hash> inputRoots, List<Hash> resultRoots) {
        this.model = model;
        this.graph = model.graph();
        this.inputRoots = inputRoots;
        this.resultRoots = resultRoots;
        if (inputRoots.size() != graph.inputs().size()
                || resultRoots.size() != graph.nodes().size()) {
            throw new IllegalArgumentException(
                    resultRoots.size() + " roots for " + graph.nodes().size() + " steps");
        }
    }

    List<StepLeaf> leaves() {
        List<StepLeaf> leaves = new ArrayList<>(resultRoots.size());
        for (int i = 0; i < resultRoots.size(); i++) {
            leaves.add(leaf(model, i, operandRoots(i), resultRoots.get(i)));
        }
        return leaves;
    }

    /** Without a stream: a model may have a quarter of a million operands. */
    private List<Hash> operandRoots(int node) {
        List<Integer> operands = graph.nodes().get(node).inputs();
        Hash[] roots = new Hash[operands.size()];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = root(operands.get(i));
        }
        return List.of(roots);
    }

    /** The roots of the outputs in graph order. */
    List<Hash> outputRoots() {
        return graph.outputs().stream().map(GraphOutput::value).map(this::root).toList();
    }

    private Hash root(int value) {
        if (graph.isInput(value)) {
            return inputRoots.get(value);
        }
        return graph.isConstant(value) ? model.constantRoot(value) : resultRoots.get(graph.nodeOf(value));
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
}
