package io.engram.inference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The float graph as far as it is built, and what each name means. */
final class ImportScope {

    /** Most nodes that one graph may turn into. */
    static final int MAX_NODES = 1 << 17;
    /** Most elements of all tensors and weights of the graph together, however often the file's own are used. */
    static final long MAX_TOTAL_ELEMENTS = 1L << 27;

    private final Map<String, Symbol> symbols = new HashMap<>();
    private final List<FloatNode> nodes = new ArrayList<>();
    private final List<Integer> inputs = new ArrayList<>();
    private final Map<String, Steps> steps = new HashMap<>();
    private long elements;

    void define(String name, Symbol symbol) throws MalformedOnnxException {
        if (name.isEmpty()) {
            return;
        }
        if (symbols.putIfAbsent(name, symbol) != null) {
            throw new MalformedOnnxException("value '" + name + "' is defined twice");
        }
    }

    Symbol resolve(String name) throws MalformedOnnxException {
        Symbol symbol = symbols.get(name);
        if (symbol == null) {
            throw new MalformedOnnxException("value '" + name + "' is used before it is defined");
        }
        return symbol;
    }

    /** Remembers what a constant's numbers are whole multiples of. */
    void steps(String name, Steps known) {
        steps.put(name, known);
    }

    Optional<Steps> steps(String name) {
        return Optional.ofNullable(steps.get(name));
    }

    /** Adds a graph input of 8-bit integers. */
    void addInput(String name, int[] shape, boolean channelsLast, Grid grid) throws MalformedOnnxException {
        int[] own = channelsLast ? Layouts.permute(shape, Layouts.TO_CHANNELS_LAST) : shape;
        int node = add(name, new FloatOperation.Input(channelsLast), List.of(), own);
        nodes.set(node, nodes.get(node).on(Optional.of(grid)));
        inputs.add(node);
        define(name, new Symbol.Quantised(new Symbol.Computed(node, shape, channelsLast), grid));
    }

    /** Adds a graph input; {@code channelsLast} says which order callers give it in. */
    void addInput(String name, int[] shape, boolean channelsLast) throws MalformedOnnxException {
        int[] own = channelsLast ? Layouts.permute(shape, Layouts.TO_CHANNELS_LAST) : shape;
        int node = add(name, new FloatOperation.Input(channelsLast), List.of(), own);
        inputs.add(node);
        define(name, new Symbol.Computed(node, shape, channelsLast));
    }

    /** Adds a node whose own shape is given. */
    int add(String name, FloatOperation operation, List<Integer> operands, int[] shape) throws MalformedOnnxException {
        int count = Shapes.count(shape);
        if (count == 0) {
            throw new MalformedOnnxException("value '" + name + "' has no elements: " + Arrays.toString(shape));
        }
        reserve(count + weights(operation));
        if (nodes.size() == MAX_NODES) {
            throw new MalformedOnnxException("the graph needs more than " + MAX_NODES + " nodes");
        }
        nodes.add(new FloatNode(name, operation, operands, shape));
        return nodes.size() - 1;
    }

    private static long weights(FloatOperation operation) {
        return switch (operation) {
            case FloatOperation.Convolution layer -> layer.weights().values().length;
            case FloatOperation.Dense layer -> layer.weights().values().length;
            default -> 0;
        };
    }

    /** Takes elements out of what the graph may hold. */
    void reserve(long count) throws MalformedOnnxException {
        elements += count;
        if (elements > MAX_TOTAL_ELEMENTS) {
            throw new MalformedOnnxException("the graph needs more than " + MAX_TOTAL_ELEMENTS + " elements");
        }
    }

    int[] shape(int node) {
        return nodes.get(node).shape();
    }

    /** The node with its elements in ONNX's own order. */
    int plain(Symbol.Computed value, String name) throws MalformedOnnxException {
        return value.channelsLast() ? reorder(name, value.node(), value.shape(), false) : value.node();
    }

    /** The node with its elements in the order batch, height, width, channel; the value has rank 4. */
    int channelsLast(Symbol.Computed value, String name) throws MalformedOnnxException {
        if (value.channelsLast()) {
            return value.node();
        }
        int[] shape = Layouts.permute(value.shape(), Layouts.TO_CHANNELS_LAST);
        return reorder(name, value.node(), shape, true);
    }

    /** A transpose to {@code shape}, or a mere reshape where no element moves. */
    private int reorder(String name, int node, int[] shape, boolean toLast) throws MalformedOnnxException {
        int[] from = shape(node);
        int channels = toLast ? from[1] : from[3];
        boolean moves = channels != 1 && channels != Shapes.size(from) / from[0];
        FloatOperation operation = moves
                ? new FloatOperation.Transpose(toLast ? Layouts.TO_CHANNELS_LAST : Layouts.TO_CHANNELS_FIRST)
                : new FloatOperation.Reshape();
        return add(name, operation, List.of(node), shape);
    }

    /** The constants as a node, in the order that goes with a partner of this layout. */
    int constant(String name, float[] values, int[] shape, boolean channelsLast) throws MalformedOnnxException {
        if (!channelsLast) {
            return add(name, new FloatOperation.Constant(values), List.of(), shape);
        }
        float[] moved = new float[values.length];
        Layouts.transpose(values, shape, Layouts.TO_CHANNELS_LAST, moved);
        int[] own = Layouts.permute(shape, Layouts.TO_CHANNELS_LAST);
        return add(name, new FloatOperation.Constant(moved), List.of(), own);
    }

    FloatGraph finish(List<Integer> outputs) {
        return new FloatGraph(List.copyOf(nodes), List.copyOf(inputs), List.copyOf(outputs));
    }
}
