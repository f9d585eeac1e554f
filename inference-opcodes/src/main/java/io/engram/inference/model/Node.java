package io.engram.inference.model;

import io.engram.inference.operator.Operator;
import java.util.List;

/**
 * One step of the graph.
 *
 * @param inputs value numbers, in the order that the operator defines
 */
public record Node(Operator operator, List<Integer> inputs) {
    public Node {
        inputs = List.copyOf(inputs);
    }
}
