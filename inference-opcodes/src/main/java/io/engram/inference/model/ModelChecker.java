package io.engram.inference.model;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.operator.StepFacts;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Proves a graph sound before any of it runs: canonical order, shapes, integer ranges, limits; and counts what it costs
 * (protocol A3, A6, C4).
 */
public final class ModelChecker {

    /** What one array holds, whatever the limits of the chain say. */
    private static final long MAX_TENSOR_BYTES = 1L << 30;

    private final Graph graph;
    private final List<Value> values = new ArrayList<>();
    private final List<StepFacts> steps = new ArrayList<>();
    private final InferenceConfig.Limits limits;
    private long macs;
    private long depthwiseMacs;
    private long elements;

    private ModelChecker(Graph graph, InferenceConfig.Limits limits) {
        this.graph = graph;
        this.limits = limits;
    }

    /**
     * What a check found.
     *
     * @param values of all value numbers
     * @param steps of all nodes
     * @param peakMemoryBytes constants and the largest set of activations that are alive at once, each rounded up to 64
     */
    public record Result(List<Value> values, List<StepFacts> steps, ModelFacts facts, long peakMemoryBytes) {
        public Result {
            values = List.copyOf(values);
            steps = List.copyOf(steps);
        }
    }

    /**
     * @param fileBytes length of the model's file
     * @throws MalformedModelException with the first reason found
     */
    public static Result check(Graph graph, long fileBytes, InferenceConfig.Limits limits)
            throws MalformedModelException {
        return new ModelChecker(graph, limits).run(fileBytes);
    }

    private Result run(long fileBytes) throws MalformedModelException {
        limit("file bytes", fileBytes, limits.maxModelBytes());
        limit("steps", graph.nodes().size(), Math.min(limits.maxSteps(), Graph.MAX_STEPS));
        require(!graph.nodes().isEmpty(), "a model has at least one step");
        inputs();
        for (Tensor constant : graph.constants()) {
            values.add(Value.constant(constant));
        }
        order();
        for (int i = 0; i < graph.nodes().size(); i++) {
            step(i);
        }
        outputs();
        long peak = peakMemory();
        ModelFacts facts = facts(fileBytes);
        limit("hashed bytes", facts.hashedBytes(), limits.maxHashedBytes());
        limit("input and output bytes", (long) facts.inputBytes() + facts.outputBytes(), limits.maxIoBytes());
        limit("peak memory bytes", peak, limits.maxPeakMemoryBytes());
        require(graph.royalty() >= 0 && graph.royalty() <= Graph.MAX_ROYALTY, "the royalty is outside 0 to 65535");
        require(graph.maxBatch() >= 1, "a batch holds at least one sample");
        limit("samples in a batch", graph.maxBatch(), limits.maxBatch());
        long largest = Math.max(facts.inputBytes(), facts.outputBytes());
        limit("bytes of the largest batch", largest * graph.maxBatch(), ModelFacts.MAX_BATCH_BYTES);
        return new Result(values.stream().map(Value::checked).toList(), steps, facts, peak);
    }

    private void inputs() throws MalformedModelException {
        require(!graph.inputs().isEmpty() && graph.inputs().size() <= Graph.MAX_INPUTS, "1 to 8 inputs");
        for (GraphInput input : graph.inputs()) {
            require(input.shape().dimension(0) == 1, "an input's first dimension is the batch, 1: " + input.shape());
            require(
                    input.lo() <= input.hi()
                            && input.type().holds(input.lo())
                            && input.type().holds(input.hi())
                            && input.type().holds(input.zeroPoint()),
                    "an input's range or zero point is no " + input.type());
            addActivation(Value.activation(input.type(), input.shape(), input.lo(), input.hi()));
        }
    }

    /** Inputs before users, everything used, constants in the order of first use. */
    private void order() throws MalformedModelException {
        boolean[] used = new boolean[graph.values()];
        int nextConstant = graph.inputs().size();
        for (int i = 0; i < graph.nodes().size(); i++) {
            for (int operand : graph.nodes().get(i).inputs()) {
                require(operand >= 0 && operand < graph.valueOf(i), "step " + i + " uses value " + operand);
                if (graph.isConstant(operand) && !used[operand]) {
                    require(operand == nextConstant, "constants are not in the order of their first use");
                    nextConstant++;
                }
                used[operand] = true;
            }
        }
        Set<Integer> given = new TreeSet<>();
        require(!graph.outputs().isEmpty() && graph.outputs().size() <= Graph.MAX_OUTPUTS, "1 to 8 outputs");
        for (GraphOutput output : graph.outputs()) {
            int value = output.value();
            require(
                    value >= graph.valueOf(0) && value < graph.values() && given.add(value),
                    "output " + value + " is not the result of a step, or is given twice");
            used[value] = true;
        }
        for (int value = 0; value < used.length; value++) {
            require(used[value], "value " + value + " is never used");
        }
    }

    private void step(int index) throws MalformedModelException {
        Node node = graph.nodes().get(index);
        List<Value> operands = node.inputs().stream().map(values::get).toList();
        StepFacts facts;
        try {
            facts = node.operator().check(operands);
        } catch (MalformedModelException e) {
            throw new MalformedModelException(
                    "step " + index + " (" + node.operator().mnemonic() + "): " + e.getMessage(), e);
        }
        Shape shape = facts.result().shape();
        require(shape.dimension(0) == 1, "step " + index + ": the first dimension is the batch, 1, not " + shape);
        steps.add(facts);
        addActivation(facts.result());
        count(facts);
    }

    /** Looks at the limits after every step, so that the check itself takes no more time than they allow. */
    private void count(StepFacts step) throws MalformedModelException {
        macs = ModelPrice.plus(macs, step.macs());
        depthwiseMacs = ModelPrice.plus(depthwiseMacs, step.depthwiseMacs());
        elements = ModelPrice.plus(elements, step.elements());
        limit("multiply-accumulates", macs, limits.maxMacs());
        limit("depthwise multiply-accumulates", depthwiseMacs, limits.maxDepthwiseMacs());
        limit("element operations", elements, limits.maxElements());
    }

    private void addActivation(Value value) throws MalformedModelException {
        limit("bytes of a tensor", value.bytes(), MAX_TENSOR_BYTES);
        values.add(value);
    }

    private void outputs() throws MalformedModelException {
        for (GraphOutput output : graph.outputs()) {
            require(
                    values.get(output.value()).type().holds(output.zeroPoint()),
                    "an output's zero point is not of its type");
        }
    }

    private long peakMemory() {
        int[] lastUse = new int[graph.values()];
        Arrays.fill(lastUse, -1);
        for (int i = 0; i < graph.nodes().size(); i++) {
            for (int operand : graph.nodes().get(i).inputs()) {
                lastUse[operand] = i;
            }
        }
        for (GraphOutput output : graph.outputs()) {
            lastUse[output.value()] = graph.nodes().size();
        }
        long constants = 0;
        long live = 0;
        for (int value = 0; value < graph.valueOf(0); value++) {
            long bytes = ModelFormat.align(values.get(value).bytes());
            if (graph.isConstant(value)) {
                constants += bytes;
            } else {
                live += bytes;
            }
        }
        long peak = live;
        for (int i = 0; i < graph.nodes().size(); i++) {
            live += ModelFormat.align(values.get(graph.valueOf(i)).bytes());
            peak = Math.max(peak, live);
            for (int operand : new TreeSet<>(graph.nodes().get(i).inputs())) {
                if (!graph.isConstant(operand) && lastUse[operand] == i) {
                    live -= ModelFormat.align(values.get(operand).bytes());
                }
            }
        }
        return constants + peak;
    }

    private ModelFacts facts(long fileBytes) throws MalformedModelException {
        long hashed = 0;
        long weights = 0;
        for (int value = 0; value < values.size(); value++) {
            if (graph.isConstant(value)) {
                weights += values.get(value).bytes();
            } else {
                hashed += ModelFormat.align(values.get(value).bytes());
            }
        }
        List<IoFacts> inputs = new ArrayList<>();
        for (GraphInput input : graph.inputs()) {
            long bytes = (long) input.shape().elements() * input.type().bytes();
            inputs.add(
                    new IoFacts(input.type(), bytes(bytes), input.scale(), input.zeroPoint(), input.lo(), input.hi()));
        }
        List<IoFacts> outputs = new ArrayList<>();
        for (GraphOutput output : graph.outputs()) {
            Value value = values.get(output.value());
            outputs.add(new IoFacts(
                    value.type(), bytes(value.bytes()), output.scale(), output.zeroPoint(), value.lo(), value.hi()));
        }
        return new ModelFacts(
                fileBytes,
                bytes(inputs.stream().mapToLong(IoFacts::bytes).sum()),
                bytes(outputs.stream().mapToLong(IoFacts::bytes).sum()),
                graph.maxBatch(),
                graph.nodes().size(),
                weights,
                macs,
                depthwiseMacs,
                elements,
                hashed,
                inputs,
                outputs);
    }

    private static int bytes(long count) throws MalformedModelException {
        limit("bytes of inputs or outputs", count, ModelFacts.MAX_BATCH_BYTES);
        return (int) count;
    }

    private static void limit(String what, long value, long limit) throws MalformedModelException {
        require(value <= limit, value + " " + what + ", the limit is " + limit);
    }

    private static void require(boolean condition, String reason) throws MalformedModelException {
        if (!condition) {
            throw new MalformedModelException(reason);
        }
    }
}
