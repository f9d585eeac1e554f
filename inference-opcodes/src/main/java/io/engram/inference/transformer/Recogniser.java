package io.engram.inference.transformer;

import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxTensor;
import io.engram.inference.onnx.OnnxType;
import io.engram.inference.onnx.UnsupportedOperatorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds embeddings, dense layers, norms, attention and curves in the nodes of an ONNX file. */
final class Recogniser {

    private static final Set<String> VIEWS = Set.of("Reshape", "Unsqueeze", "Squeeze");

    /** A mask adds at least this to the scores that it takes out. */
    private static final double MASKED = -1_000;

    private static final int MAX_LEVEL = 127;

    private final SequenceGraphBuilder graph = new SequenceGraphBuilder();
    private final Map<Expression, Integer> done = new IdentityHashMap<>();
    private final Map<Expression, Integer> inputs = new IdentityHashMap<>();
    private final List<Integer> inputNodes = new ArrayList<>();
    private final ExpressionReader.Result file;

    private Recogniser(ExpressionReader.Result file) {
        this.file = file;
    }

    /** The network up to the file's first output, which is pooled as asked. */
    static SequenceGraph recognise(ExpressionReader.Result file, Pooling pooling) throws OnnxException {
        return new Recogniser(file).run(pooling);
    }

    private SequenceGraph run(Pooling pooling) throws OnnxException {
        InputRanges ranges = InputRanges.of(file);
        for (Expression input : file.inputs()) {
            int node = graph.add(
                    input.name(),
                    new SequenceOperation.Input(input.name(), 0, ranges.highest(input)),
                    List.of(),
                    input.shape());
            inputs.put(input, node);
            inputNodes.add(node);
        }
        int output = node(file.outputs().getFirst());
        return graph.build(inputNodes, List.of(pooling == Pooling.NONE ? output : pooled(output)));
    }

    /** The mean over the kept tokens, brought to the length √width: a unit vector but for the scale. */
    private int pooled(int tokens) throws OnnxException {
        SequenceGraph.Node last = graph.node(tokens);
        int mask = inputNodes.stream()
                .filter(node -> graph.node(node).name().contains("mask"))
                .findFirst()
                .orElseThrow(() -> new UnsupportedOperatorException(
                        last.name(), "pooling", "no input is a mask to pool the tokens with"));
        if (last.shape().length != 3 || graph.node(mask).size() != last.shape()[1]) {
            throw new UnsupportedOperatorException(last.name(), "pooling", "the output is no row for each token");
        }
        int kept = graph.add("mask", new SequenceOperation.Reshape(), List.of(mask), 1, last.shape()[1], 1);
        int mean = graph.add("mean", new SequenceOperation.Mean(), List.of(tokens, kept), 1, 1, last.shape()[2]);
        int flat = graph.add("flat", new SequenceOperation.Reshape(), List.of(mean), 1, last.shape()[2]);
        float[] ones = new float[last.shape()[2]];
        Arrays.fill(ones, 1);
        return graph.add(
                "embedding",
                new SequenceOperation.Norm(false, ones, new float[ones.length], 0),
                List.of(flat),
                1,
                ones.length);
    }

    private int node(Expression value) throws OnnxException {
        Integer known = done.get(value);
        if (known != null) {
            return known;
        }
        int made = make(value);
        done.put(value, made);
        return made;
    }

    private int make(Expression value) throws OnnxException {
        if (value.isConstant()) {
            return add(
                    value,
                    new SequenceOperation.Constant(
                            value.constant().orElseThrow().floats()));
        }
        Integer input = inputs.get(value);
        if (input != null) {
            return input;
        }
        Optional<Patterns.DenseLayer> dense = Patterns.dense(value);
        if (dense.isPresent()) {
            return add(
                    value,
                    new SequenceOperation.Dense(dense.get().weights()),
                    dense.get().operand());
        }
        Optional<Patterns.NormLayer> norm = Patterns.norm(value);
        if (norm.isPresent()) {
            return add(value, norm.get().norm(), norm.get().operand());
        }
        Pointwise pointwise = Pointwise.of(value);
        if (pointwise.root() != value) {
            Optional<Double> factor = pointwise.factor();
            if (factor.isPresent()) {
                return factor.get() == 1
                        ? node(pointwise.root())
                        : add(value, new SequenceOperation.Factor(factor.get()), pointwise.root());
            }
            return add(value, new SequenceOperation.Curve(pointwise.function()), pointwise.root());
        }
        if (VIEWS.contains(value.operator())) {
            return add(value, new SequenceOperation.Reshape(), value.input(0));
        }
        return switch (value.operator()) {
            case "Gather", "DequantizeLinear" -> embedding(value);
            case "Add" -> both(value, new SequenceOperation.Sum());
            case "Mul" -> both(value, new SequenceOperation.Product());
            case "Transpose" -> add(value, new SequenceOperation.Transpose(value.permutation()), value.input(0));
            case "MatMul" -> matMul(value);
            case "Softmax" -> softmax(value);
            default -> throw unsupported(value, "this form of it is not supported on sequences");
        };
    }

    private int add(Expression value, SequenceOperation operation, Expression... operands) throws OnnxException {
        List<Integer> numbers = new ArrayList<>();
        for (Expression operand : operands) {
            numbers.add(node(operand));
        }
        return graph.add(value.name(), operation, numbers, value.shape());
    }

    private int both(Expression value, SequenceOperation operation) throws OnnxException {
        List<Integer> operands = new ArrayList<>();
        for (Expression operand : value.inputs()) {
            operands.add(ranked(operand, value.rank()));
        }
        return graph.add(value.name(), operation, operands, value.shape());
    }

    /** The operand with ones before its dimensions up to {@code rank}. */
    private int ranked(Expression operand, int rank) throws OnnxException {
        int[] shape = new int[rank];
        Arrays.fill(shape, 1);
        System.arraycopy(operand.shape(), 0, shape, rank - operand.rank(), operand.rank());
        if (operand.isConstant()) {
            float[] values = operand.constant().orElseThrow().floats();
            return graph.add(operand.name(), new SequenceOperation.Constant(values), List.of(), shape);
        }
        int own = node(operand);
        return operand.rank() == rank
                ? own
                : graph.add(operand.name(), new SequenceOperation.Reshape(), List.of(own), shape);
    }

    /** Rows of a constant table, given in real numbers or as integers that are scaled after the gather. */
    private int embedding(Expression value) throws OnnxException {
        Expression gather = value.is("Gather") ? value : value.input(0);
        Integer indices = gather.is("Gather") ? inputs.get(gather.input(1)) : null;
        if (indices == null
                || !gather.input(0).isConstant()
                || gather.input(0).rank() != 2
                || gather.integer("axis", 0) != 0) {
            throw unsupported(value, "only rows of a constant table, picked by an input");
        }
        OnnxTensor table = gather.input(0).constant().orElseThrow();
        int width = table.shape()[1];
        SequenceOperation.Embedding operation;
        if (value == gather) {
            if (table.type() != OnnxType.FLOAT) {
                throw unsupported(value, "a table of " + table.type());
            }
            operation = rounded(table.floats(), width);
        } else {
            List<OnnxTensor> operands = new ArrayList<>(List.of(table));
            for (Expression operand : value.inputs().subList(1, value.inputs().size())) {
                operands.add(operand.constant().orElseThrow(() -> unsupported(value, "a computed scale")));
            }
            Quantised quantised = Quantised.of(operands);
            operation = exact(quantised, width).orElseGet(() -> rounded(quantised.floats(), width));
        }
        return graph.add(value.name(), operation, List.of(indices), value.shape());
    }

    /** The file's own integers, where they fit int8 without their zero point. */
    private static Optional<SequenceOperation.Embedding> exact(Quantised table, int width) {
        long[] integers = table.integers().longs();
        byte[] levels = new byte[integers.length];
        for (int i = 0; i < levels.length; i++) {
            long level = integers[i] - table.zeroPoint();
            if (level != (byte) level) {
                return Optional.empty();
            }
            levels[i] = (byte) level;
        }
        return Optional.of(new SequenceOperation.Embedding(levels, width, table.scale()));
    }

    private static SequenceOperation.Embedding rounded(float[] values, int width) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        double step = largest == 0 ? 1 : largest / MAX_LEVEL;
        byte[] levels = new byte[values.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) StrictMath.rint(values[i] / step);
        }
        return new SequenceOperation.Embedding(levels, width, step);
    }

    /** A product of two computed values; the second one's last two axes may come exchanged. */
    private int matMul(Expression value) throws OnnxException {
        Expression a = value.input(0);
        Expression b = value.input(1);
        int rank = value.rank();
        if (a.rank() != rank || b.rank() != rank || rank < 3) {
            throw unsupported(value, "operands of different rank or of a rank below 3");
        }
        int left = node(a);
        if (b.is("Transpose")) {
            int[] order = b.permutation().clone();
            int swap = order[rank - 1];
            order[rank - 1] = order[rank - 2];
            order[rank - 2] = swap;
            int[] shape = b.shape().clone();
            shape[rank - 1] = b.shape()[rank - 2];
            shape[rank - 2] = b.shape()[rank - 1];
            // Exchanged back, the rows of the second operand are what its columns were.
            if (order[rank - 1] == rank - 1) {
                int right =
                        graph.add(b.name(), new SequenceOperation.Transpose(order), List.of(node(b.input(0))), shape);
                return graph.add(value.name(), new SequenceOperation.MatMul(true), List.of(left, right), value.shape());
            }
        }
        return graph.add(value.name(), new SequenceOperation.MatMul(false), List.of(left, node(b)), value.shape());
    }

    private int softmax(Expression value) throws OnnxException {
        int rank = value.rank();
        long axis = value.integer("axis", -1);
        if (axis != -1 && axis != rank - 1) {
            throw unsupported(value, "along another axis than the last");
        }
        Expression scores = value.input(0);
        if (scores.is("Add")) {
            for (int side = 0; side < 2; side++) {
                Optional<Integer> mask = mask(scores.input(side), rank);
                if (mask.isPresent()) {
                    List<Integer> operands = List.of(node(scores.input(1 - side)), mask.get());
                    return graph.add(value.name(), new SequenceOperation.Softmax(true), operands, value.shape());
                }
            }
        }
        return add(value, new SequenceOperation.Softmax(false), scores);
    }

    /** The input behind an addend that is 0 where the input is 1 and far below 0 where it is 0. */
    private Optional<Integer> mask(Expression addend, int rank) {
        Pointwise chain = Pointwise.of(addend);
        Expression source = chain.root();
        while (VIEWS.contains(source.operator()) || source.is("Cast") || source.is("Identity")) {
            source = source.input(0);
        }
        Integer input = inputs.get(source);
        boolean masks = input != null
                && addend.rank() == rank
                && chain.function().applyAsDouble(1) == 0
                && chain.function().applyAsDouble(0) <= MASKED;
        return masks
                ? Optional.of(graph.add(addend.name(), new SequenceOperation.Reshape(), List.of(input), addend.shape()))
                : Optional.empty();
    }

    private static UnsupportedOperatorException unsupported(Expression value, String reason) {
        return new UnsupportedOperatorException(value.name(), value.operator(), reason);
    }
}
