package io.engram.inference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes a float graph smaller without changing what it computes: folds scales and shifts into the layer before, fuses
 * clamps, joins element-wise functions, merges padding into convolutions, drops moves that cancel.
 */
public final class GraphSimplifier {

    /** Each pass shortens chains by at least one node, so the number of passes is that of the longest chain. */
    private static final int MAX_PASSES = 64;

    private static final int MAX_PAD = 4096;

    private final FloatGraph source;
    private final int[] uses;
    private final List<FloatNode> nodes = new ArrayList<>();
    private final boolean lowering;

    private GraphSimplifier(FloatGraph source, boolean lowering) {
        this.source = source;
        this.uses = source.useCounts();
        this.lowering = lowering;
    }

    public static FloatGraph simplify(FloatGraph graph) throws MalformedOnnxException {
        FloatGraph folded = untilStable(graph.withoutDeadNodes());
        FloatGraph lowered = new GraphSimplifier(folded, true).pass().withoutDeadNodes();
        return untilStable(lowered);
    }

    private static FloatGraph untilStable(FloatGraph graph) throws MalformedOnnxException {
        FloatGraph present = graph;
        for (int i = 0; i < MAX_PASSES; i++) {
            FloatGraph next = new GraphSimplifier(present, false).pass().withoutDeadNodes();
            boolean same = next.nodes().equals(present.nodes());
            present = next;
            if (same) {
                break;
            }
        }
        return present;
    }

    private FloatGraph pass() throws MalformedOnnxException {
        int[] moved = new int[source.nodes().size()];
        // Uses of new nodes, so that "has no other user" can be asked of what a rule looks at.
        List<Integer> newUses = new ArrayList<>();
        for (int i = 0; i < moved.length; i++) {
            FloatNode node = source.nodes().get(i);
            List<Integer> inputs =
                    node.inputs().stream().map(input -> moved[input]).toList();
            moved[i] = place(node.with(node.operation(), inputs), newUses);
            while (newUses.size() < nodes.size()) {
                newUses.add(newUses.size() == moved[i] ? 0 : 1);
            }
            // Too many where the node went into its producer: then a rule waits for the next pass, which counts anew.
            newUses.set(moved[i], newUses.get(moved[i]) + uses[i]);
        }
        return new FloatGraph(
                List.copyOf(nodes),
                source.inputs().stream().map(i -> moved[i]).toList(),
                source.outputs().stream().map(i -> moved[i]).toList());
    }

    /** Adds the node, or what stands for it; the index of its value. */
    private int place(FloatNode node, List<Integer> newUses) throws MalformedOnnxException {
        if (node.inputs().isEmpty()) {
            return append(node);
        }
        int input = node.inputs().getFirst();
        FloatNode producer = nodes.get(input);
        // What is rounded to a grid has its place in a quantised file, and nothing goes into it.
        boolean sole = newUses.get(input) == 1 && producer.grid().isEmpty();
        return switch (node.operation()) {
            case FloatOperation.ChannelAffine affine when lowering -> lower(node, affine);
            case FloatOperation.ChannelAffine affine when sole -> affine(node, affine, input, producer);
            case FloatOperation.Pointwise(ScalarFunction function)
            when sole -> pointwise(node, function, input, producer);
            case FloatOperation.Round(Grid grid) -> round(node, grid, input, producer, sole);
            case FloatOperation.Product(Clamp clamp) -> gated(node, clamp, newUses);
            case FloatOperation.Reshape ignored -> {
                if (Arrays.equals(node.shape(), producer.shape())) {
                    yield input;
                }
                yield producer.operation() instanceof FloatOperation.Reshape
                        ? append(node.with(node.operation(), producer.inputs()))
                        : append(node);
            }
            case FloatOperation.Transpose(int[] order) -> transpose(node, order, input, producer);
            case FloatOperation.Dense dense when sole -> dense(node, dense, producer, newUses);
            case FloatOperation.Convolution convolution -> convolution(node, convolution, producer);
            case FloatOperation.Concat(int axis) -> concat(node, axis);
            default -> append(node);
        };
    }

    private int append(FloatNode node) {
        nodes.add(node);
        return nodes.size() - 1;
    }

    /** Puts {@code node} into its producer, which becomes the operation and takes over the node's grid. */
    private int replace(int index, FloatOperation operation, FloatNode node) {
        FloatNode old = nodes.get(index);
        nodes.set(index, old.with(operation, old.inputs()).on(node.grid()));
        return index;
    }

    /** Rounding that changes nothing goes; else the operator before takes it over, if it ends in integers anyway. */
    private int round(FloatNode node, Grid grid, int input, FloatNode producer, boolean sole) {
        if (isOn(grid, input)) {
            return input;
        }
        boolean takes = switch (producer.operation()) {
            case FloatOperation.Input _,
                    FloatOperation.Convolution _,
                    FloatOperation.Dense _,
                    FloatOperation.Sum _,
                    FloatOperation.Product _,
                    FloatOperation.AveragePool _,
                    FloatOperation.Pointwise _,
                    FloatOperation.Concat _ -> true;
            default -> false;
        };
        if (sole && takes) {
            nodes.set(input, producer.on(java.util.Optional.of(grid)));
            return input;
        }
        return append(node);
    }

    /** Whether the value holds nothing but numbers of the grid. */
    private boolean isOn(Grid grid, int index) {
        FloatNode node = nodes.get(index);
        if (node.grid().isPresent()) {
            return node.grid().get().equals(grid);
        }
        return switch (node.operation()) {
            case FloatOperation.Round(Grid own) -> own.equals(grid);
            case FloatOperation.MaxPool _, FloatOperation.Reshape _, FloatOperation.Transpose _ ->
                isOn(grid, node.inputs().getFirst());
            default -> false;
        };
    }

    private int affine(FloatNode node, FloatOperation.ChannelAffine affine, int input, FloatNode producer) {
        return switch (producer.operation()) {
            case FloatOperation.Convolution c
            when c.clamp().isNone() ->
                replace(
                        input,
                        new FloatOperation.Convolution(
                                c.window(), c.groups(), c.weights().then(affine.scale(), affine.shift()), Clamp.NONE),
                        node);
            case FloatOperation.Dense d
            when d.clamp().isNone() ->
                replace(
                        input,
                        new FloatOperation.Dense(d.weights().then(affine.scale(), affine.shift()), Clamp.NONE),
                        node);
            case FloatOperation.ChannelAffine first -> replace(input, joined(first, affine), node);
            default -> append(node);
        };
    }

    private static FloatOperation joined(FloatOperation.ChannelAffine first, FloatOperation.ChannelAffine second) {
        Weights both = Weights.of(first.scale(), first.shift()).then(second.scale(), second.shift());
        return new FloatOperation.ChannelAffine(both.values(), both.bias());
    }

    private int pointwise(FloatNode node, ScalarFunction function, int input, FloatNode producer) {
        if (function instanceof ScalarFunction.Clip(float low, float high)) {
            Clamp clamp = new Clamp(low, high);
            switch (producer.operation()) {
                case FloatOperation.Convolution c -> {
                    return replace(
                            input,
                            new FloatOperation.Convolution(
                                    c.window(),
                                    c.groups(),
                                    c.weights(),
                                    c.clamp().then(clamp)),
                            node);
                }
                case FloatOperation.Dense d -> {
                    return replace(
                            input,
                            new FloatOperation.Dense(d.weights(), d.clamp().then(clamp)),
                            node);
                }
                case FloatOperation.Sum(Clamp first) -> {
                    return replace(input, new FloatOperation.Sum(first.then(clamp)), node);
                }
                case FloatOperation.Product(Clamp first) -> {
                    return replace(input, new FloatOperation.Product(first.then(clamp)), node);
                }
                default -> {}
            }
        }
        if (producer.operation() instanceof FloatOperation.Pointwise(ScalarFunction first)
                && first.depth() < ScalarFunction.MAX_DEPTH
                && function.depth() < ScalarFunction.MAX_DEPTH) {
            return replace(input, new FloatOperation.Pointwise(new ScalarFunction.Compose(first, function)), node);
        }
        return append(node);
    }

    /** {@code x · f(x)} as one function of x, where f's chain has no other user. */
    private int gated(FloatNode node, Clamp clamp, List<Integer> newUses) {
        for (int side = 0; side < 2; side++) {
            int gate = node.inputs().get(side);
            int value = node.inputs().get(1 - side);
            if (newUses.get(gate) == 1
                    && nodes.get(gate).grid().isEmpty()
                    && nodes.get(gate).operation() instanceof FloatOperation.Pointwise(ScalarFunction function)
                    && function.depth() < ScalarFunction.MAX_DEPTH
                    && nodes.get(gate).inputs().getFirst() == value) {
                ScalarFunction whole = new ScalarFunction.Gated(function);
                if (!clamp.isNone()) {
                    whole = new ScalarFunction.Compose(whole, new ScalarFunction.Clip(clamp.low(), clamp.high()));
                }
                return append(node.with(new FloatOperation.Pointwise(whole), List.of(value)));
            }
        }
        return append(node);
    }

    private int transpose(FloatNode node, int[] order, int input, FloatNode producer) {
        int[] whole = order;
        int from = input;
        if (producer.operation() instanceof FloatOperation.Transpose(int[] first)) {
            whole = Layouts.permute(first, order);
            from = producer.inputs().getFirst();
        }
        boolean identity = true;
        for (int i = 0; i < whole.length; i++) {
            identity &= whole[i] == i;
        }
        if (identity) {
            return from;
        }
        return append(node.with(new FloatOperation.Transpose(whole), List.of(from)));
    }

    /**
     * A dense layer on a flattened image, which ONNX flattens channel first: the rows of its weights are put in the
     * image's own order instead.
     */
    private int dense(FloatNode node, FloatOperation.Dense dense, FloatNode producer, List<Integer> newUses) {
        boolean flattened = producer.operation() instanceof FloatOperation.Reshape
                && Shapes.size(producer.shape()) == producer.channels()
                && newUses.get(producer.inputs().getFirst()) == 1;
        if (!flattened) {
            return append(node);
        }
        FloatNode mover = nodes.get(producer.inputs().getFirst());
        if (!(mover.operation() instanceof FloatOperation.Transpose(int[] order))) {
            return append(node);
        }
        int outputs = dense.weights().outputs();
        float[] old = dense.weights().values();
        int[] strides = Shapes.strides(mover.shape());
        int image = mover.inputs().getFirst();
        int[] from = nodes.get(image).shape();
        float[] weights = new float[old.length];
        int[] at = new int[from.length];
        for (int row = 0; row * outputs < weights.length; row++) {
            int source = 0;
            for (int axis = 0; axis < at.length; axis++) {
                source += at[order[axis]] * strides[axis];
            }
            System.arraycopy(old, source * outputs, weights, row * outputs, outputs);
            Layouts.advance(at, from);
        }
        int flat = append(new FloatNode(producer.name(), producer.operation(), List.of(image), producer.shape()));
        return append(
                node.with(new FloatOperation.Dense(dense.weights().withValues(weights), dense.clamp()), List.of(flat)));
    }

    /** A value joined with a constant of one value, which is how some exporters pad channels. */
    private int concat(FloatNode node, int axis) {
        if (node.inputs().size() != 2) {
            return append(node);
        }
        for (int side = 0; side < 2; side++) {
            FloatNode part = nodes.get(node.inputs().get(side));
            int size = part.shape()[axis];
            if (axis > 0
                    && size <= MAX_PAD
                    && part.operation() instanceof FloatOperation.Constant(float[] values)
                    && isUniform(values)) {
                int[] before = new int[node.shape().length];
                int[] after = new int[node.shape().length];
                (side == 0 ? before : after)[axis] = size;
                FloatOperation pad = new FloatOperation.Pad(before, after, values[0]);
                return append(node.with(pad, List.of(node.inputs().get(1 - side))));
            }
        }
        return append(node);
    }

    private static boolean isUniform(float[] values) {
        for (float value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return true;
    }

    /** Zero padding of height and width before a convolution becomes the convolution's own. */
    private int convolution(FloatNode node, FloatOperation.Convolution convolution, FloatNode producer) {
        if (!(producer.operation() instanceof FloatOperation.Pad(int[] before, int[] after, float value))
                || value != 0
                || (before[0] | after[0] | before[3] | after[3]) != 0) {
            return append(node);
        }
        Window window = convolution.window();
        Window wider = window.withPads(
                window.top() + before[1],
                window.left() + before[2],
                window.bottom() + after[1],
                window.right() + after[2]);
        if (Math.max(Math.max(wider.top(), wider.left()), Math.max(wider.bottom(), wider.right())) > MAX_PAD) {
            return append(node);
        }
        return append(node.with(
                new FloatOperation.Convolution(wider, convolution.groups(), convolution.weights(), convolution.clamp()),
                producer.inputs()));
    }

    /** What could not be folded: one function for all channels, or a convolution of each channel with one weight. */
    private int lower(FloatNode node, FloatOperation.ChannelAffine affine) throws MalformedOnnxException {
        int channels = affine.scale().length;
        Set<Long> distinct = new HashSet<>();
        for (int i = 0; i < channels; i++) {
            distinct.add((long) Float.floatToIntBits(affine.scale()[i]) << 32
                    | Integer.toUnsignedLong(Float.floatToIntBits(affine.shift()[i])));
        }
        if (distinct.size() == 1) {
            ScalarFunction function = new ScalarFunction.Affine(affine.scale()[0], affine.shift()[0]);
            return append(node.with(new FloatOperation.Pointwise(function), node.inputs()));
        }
        FloatOperation each = new FloatOperation.Convolution(
                Window.POINT, channels, Weights.of(affine.scale(), affine.shift()), Clamp.NONE);
        if (node.shape().length == 4 && node.shape()[0] == 1) {
            return append(node.with(each, node.inputs()));
        }
        int[] rows = {1, 1, Shapes.count(node.shape()) / channels, channels};
        int in = append(new FloatNode(node.name(), new FloatOperation.Reshape(), node.inputs(), rows));
        int out = append(new FloatNode(node.name(), each, List.of(in), rows));
        return append(node.with(new FloatOperation.Reshape(), List.of(out)));
    }
}
