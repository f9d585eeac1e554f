package io.engram.inference.model;

import io.engram.genesis.Address;
import io.engram.inference.operator.Operator;
import io.engram.inference.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes a {@link Graph} in canonical numbering. Values are handles in the order of declaration, whatever their kind;
 * {@link #build} numbers them, puts constants in the order of first use and leaves out constants and nodes that no
 * output needs. Not thread-safe.
 */
public final class GraphBuilder {

    private enum Kind {
        INPUT,
        CONSTANT,
        NODE
    }

    private record Handle(Kind kind, int index) {}

    private final Address author;
    private final int royalty;
    private final int maxBatch;
    private final List<Handle> handles = new ArrayList<>();
    private final List<GraphInput> inputs = new ArrayList<>();
    private final List<Tensor> constants = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<GraphOutput> outputs = new ArrayList<>();

    /** A model whose author asks for all that the chain gives. */
    public GraphBuilder(Address author, int maxBatch) {
        this(author, Graph.MAX_ROYALTY, maxBatch);
    }

    public GraphBuilder(Address author, int royalty, int maxBatch) {
        this.author = author;
        this.royalty = royalty;
        this.maxBatch = maxBatch;
    }

    /** @return the handle of the input */
    public int input(GraphInput input) {
        inputs.add(input);
        return handle(Kind.INPUT, inputs.size() - 1);
    }

    /** @return the handle of the constant */
    public int constant(Tensor constant) {
        constants.add(constant);
        return handle(Kind.CONSTANT, constants.size() - 1);
    }

    /**
     * @param operands handles
     * @return the handle of the operator's result
     */
    public int node(Operator operator, int... operands) {
        for (int operand : operands) {
            if (operand < 0 || operand >= handles.size()) {
                throw new IllegalArgumentException("no value " + operand);
            }
        }
        nodes.add(new Node(operator, Arrays.stream(operands).boxed().toList()));
        return handle(Kind.NODE, nodes.size() - 1);
    }

    public void output(int value, Scale scale, int zeroPoint) {
        outputs.add(new GraphOutput(value, scale, zeroPoint));
    }

    /** The value numbers, in the graph that {@link #build} makes, of these handles; −1 for what it leaves out. */
    public int[] numbers(int... values) {
        int[] numbers = numbering();
        return Arrays.stream(values).map(value -> numbers[value]).toArray();
    }

    /** The graph; whether it is a valid one is the checker's business. */
    public Graph build() {
        int[] numbers = numbering();
        List<Tensor> liveConstants = new ArrayList<>();
        List<Node> liveNodes = new ArrayList<>();
        int firstConstant = inputs.size();
        int[] order = new int[handles.size()];
        Arrays.fill(order, -1);
        int count = inputs.size();
        for (int value = 0; value < handles.size(); value++) {
            if (numbers[value] >= 0) {
                order[numbers[value]] = value;
                count = Math.max(count, numbers[value] + 1);
            }
        }
        for (int number = firstConstant; number < count; number++) {
            Handle handle = handles.get(order[number]);
            if (handle.kind == Kind.CONSTANT) {
                liveConstants.add(constants.get(handle.index));
            } else {
                Node node = nodes.get(handle.index);
                liveNodes.add(new Node(
                        node.operator(),
                        node.inputs().stream().map(operand -> numbers[operand]).toList()));
            }
        }
        List<GraphOutput> results = outputs.stream()
                .map(output -> new GraphOutput(numbers[output.value()], output.scale(), output.zeroPoint()))
                .toList();
        return new Graph(author, royalty, maxBatch, inputs, liveConstants, liveNodes, results);
    }

    private int[] numbering() {
        boolean[] live = new boolean[handles.size()];
        for (GraphOutput output : outputs) {
            live[output.value()] = true;
        }
        for (int value = handles.size() - 1; value >= 0; value--) {
            Handle handle = handles.get(value);
            if (live[value] && handle.kind == Kind.NODE) {
                for (int operand : nodes.get(handle.index).inputs()) {
                    live[operand] = true;
                }
            }
        }
        int[] numbers = new int[handles.size()];
        Arrays.fill(numbers, -1);
        for (int value = 0; value < handles.size(); value++) {
            if (handles.get(value).kind == Kind.INPUT) {
                numbers[value] = handles.get(value).index;
            }
        }
        List<Integer> liveNodes = new ArrayList<>();
        int constantCount = 0;
        for (int value = 0; value < handles.size(); value++) {
            if (!live[value] || handles.get(value).kind != Kind.NODE) {
                continue;
            }
            liveNodes.add(value);
            for (int operand : nodes.get(handles.get(value).index).inputs()) {
                Handle handle = handles.get(operand);
                if (handle.kind == Kind.CONSTANT && numbers[operand] < 0) {
                    numbers[operand] = inputs.size() + constantCount++;
                }
            }
        }
        for (int i = 0; i < liveNodes.size(); i++) {
            numbers[liveNodes.get(i)] = inputs.size() + constantCount + i;
        }
        return numbers;
    }

    private int handle(Kind kind, int index) {
        handles.add(new Handle(kind, index));
        return handles.size() - 1;
    }
}
