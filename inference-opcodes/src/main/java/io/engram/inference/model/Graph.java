package io.engram.inference.model;

import io.engram.genesis.Address;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/**
 * A model as a graph. Values are numbered: first the inputs, then the constants, then one value for each node, in
 * order. A node uses smaller numbers only. See {@link GraphBuilder} for the easy way to make one.
 *
 * @param author whom royalties go to
 * @param royalty the part of the base fee that the author asks for, 0 to 65535, in 1/65536; the chain's share bounds it
 * @param maxBatch samples that one call may hold, 1 or more
 * @param constants in the order of their first use
 */
public record Graph(
        Address author,
        int royalty,
        int maxBatch,
        List<GraphInput> inputs,
        List<Tensor> constants,
        List<Node> nodes,
        List<GraphOutput> outputs) {

    public static final int MAX_INPUTS = 8;
    public static final int MAX_OUTPUTS = 8;
    public static final int MAX_STEPS = 4_096;
    public static final int MAX_ROYALTY = 0xffff;
    public static final int MAX_CONSTANTS = 1 << 15;

    public Graph {
        inputs = List.copyOf(inputs);
        constants = List.copyOf(constants);
        nodes = List.copyOf(nodes);
        outputs = List.copyOf(outputs);
    }

    public int values() {
        return inputs.size() + constants.size() + nodes.size();
    }

    /** The number of the value that a node makes. */
    public int valueOf(int node) {
        return inputs.size() + constants.size() + node;
    }

    public boolean isInput(int value) {
        return value < inputs.size();
    }

    public boolean isConstant(int value) {
        return value >= inputs.size() && value < inputs.size() + constants.size();
    }

    /** The constant with this value number. */
    public Tensor constant(int value) {
        return constants.get(value - inputs.size());
    }

    /** The index of the node that makes this value. */
    public int nodeOf(int value) {
        return value - inputs.size() - constants.size();
    }
}
