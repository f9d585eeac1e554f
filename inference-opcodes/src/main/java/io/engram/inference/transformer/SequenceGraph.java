package io.engram.inference.transformer;

import io.engram.inference.onnx.Shapes;
import java.util.List;

/**
 * A network on tokens in real numbers.
 *
 * @param nodes inputs before users
 * @param inputs the {@link SequenceOperation.Input} nodes in the file's order
 */
record SequenceGraph(List<Node> nodes, List<Integer> inputs, List<Integer> outputs) {

    /** One value of the network. */
    record Node(String name, SequenceOperation operation, List<Integer> inputs, int[] shape) {

        Node {
            inputs = List.copyOf(inputs);
        }

        int size() {
            return Shapes.size(shape);
        }

        int last() {
            return shape[shape.length - 1];
        }
    }

    SequenceGraph {
        nodes = List.copyOf(nodes);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    Node input(Node node, int operand) {
        return nodes.get(node.inputs().get(operand));
    }
}
