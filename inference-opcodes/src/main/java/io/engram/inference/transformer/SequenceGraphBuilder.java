package io.engram.inference.transformer;

import java.util.ArrayList;
import java.util.List;

/** Collects the nodes of a {@link SequenceGraph}. */
final class SequenceGraphBuilder {

    private final List<SequenceGraph.Node> nodes = new ArrayList<>();

    /** @return the number of the node */
    int add(String name, SequenceOperation operation, List<Integer> inputs, int... shape) {
        nodes.add(new SequenceGraph.Node(name, operation, inputs, shape));
        return nodes.size() - 1;
    }

    SequenceGraph.Node node(int index) {
        return nodes.get(index);
    }

    SequenceGraph build(List<Integer> inputs, List<Integer> outputs) {
        return new SequenceGraph(nodes, inputs, outputs);
    }
}
