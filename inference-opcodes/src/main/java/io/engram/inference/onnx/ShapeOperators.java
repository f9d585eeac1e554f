package io.engram.inference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** ONNX operators that move elements or compute with shapes. */
final class ShapeOperators {

    private static final int MAX_PAD = 4096;

    private ShapeOperators() {}

    static void flatten(NodeReader reader) throws OnnxException {
        Symbol.Computed value = reader.computed(0);
        int rank = value.shape().length;
        long given = reader.integer("axis", 1);
        int axis = given == rank ? rank : reader.axis(given, rank);
        int[] shape = {1, 1};
        for (int i = 0; i < rank; i++) {
            shape[i < axis ? 0 : 1] *= value.shape()[i];
        }
        reshape(reader, value, shape);
    }

    static void reshape(NodeReader reader) throws OnnxException {
        long[] wanted = reader.constant(1).longs();
        int[] from = reader.input(0).shape();
        if (wanted.length > OnnxDecoder.MAX_RANK) {
            throw reader.malformed("more than " + OnnxDecoder.MAX_RANK + " dimensions");
        }
        boolean zeroIsZero = reader.integer("allowzero", 0) != 0;
        List<Long> sizes = new ArrayList<>();
        int open = -1;
        long known = 1;
        for (int i = 0; i < wanted.length; i++) {
            long size = wanted[i] == 0 && !zeroIsZero && i < from.length ? from[i] : wanted[i];
            if (size == -1 && open < 0) {
                open = i;
                size = 1;
            }
            if (size < 1 || size > Shapes.MAX_ELEMENTS || known * size > Shapes.MAX_ELEMENTS) {
                throw reader.malformed("bad shape " + Arrays.toString(wanted));
            }
            known *= size;
            sizes.add(size);
        }
        int count = Shapes.count(from);
        if (open >= 0) {
            sizes.set(open, count / known);
            known *= count / known;
        }
        if (known != count) {
            throw reader.malformed(Arrays.toString(from) + " cannot become " + Arrays.toString(wanted));
        }
        reshape(reader, reader.input(0), Shapes.of(sizes));
    }

    static void squeeze(NodeReader reader) throws OnnxException {
        Symbol value = reader.input(0);
        int rank = value.shape().length;
        Optional<List<Long>> given = reader.integers("axes", 1);
        boolean[] gone = new boolean[rank];
        for (int i = 0; i < rank; i++) {
            gone[i] = given.isEmpty() && value.shape()[i] == 1;
        }
        for (long axis : given.orElse(List.of())) {
            int own = reader.axis(axis, rank);
            if (value.shape()[own] != 1) {
                throw reader.malformed("axis " + axis + " is not 1 long");
            }
            gone[own] = true;
        }
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            if (!gone[i]) {
                shape.add((long) value.shape()[i]);
            }
        }
        reshape(reader, value, Shapes.of(shape));
    }

    static void unsqueeze(NodeReader reader) throws OnnxException {
        Symbol value = reader.input(0);
        List<Long> given = reader.integers("axes", 1).orElseThrow(() -> reader.malformed("no axes"));
        int rank = value.shape().length + given.size();
        if (rank > OnnxDecoder.MAX_RANK) {
            throw reader.malformed("more than " + OnnxDecoder.MAX_RANK + " dimensions");
        }
        int[] shape = new int[rank];
        for (long axis : given) {
            int own = reader.axis(axis, rank);
            if (shape[own] == 1) {
                throw reader.malformed("axis " + axis + " twice");
            }
            shape[own] = 1;
        }
        for (int i = 0, from = 0; i < rank; i++) {
            if (shape[i] == 0) {
                shape[i] = value.shape()[from++];
            }
        }
        reshape(reader, value, shape);
    }

    private static void reshape(NodeReader reader, Symbol value, int[] shape) throws OnnxException {
        switch (value) {
            case Symbol.Known(OnnxTensor tensor) ->
                reader.result(new Symbol.Known(new OnnxTensor(tensor.name(), tensor.type(), shape, tensor.raw())));
            case Symbol.Computed computed -> {
                int plain = reader.scope().plain(computed, reader.name());
                reader.result(reader.add(new FloatOperation.Reshape(), List.of(plain), shape), shape, false);
            }
            case Symbol.Quantised _ -> throw reader.unsupported("the input is 8-bit integers");
        }
    }

    static void transpose(NodeReader reader) throws OnnxException {
        Symbol value = reader.input(0);
        int rank = value.shape().length;
        int[] order = order(reader, rank);
        int[] shape = Layouts.permute(value.shape(), order);
        switch (value) {
            case Symbol.Known(OnnxTensor tensor) -> {
                float[] moved = new float[tensor.count()];
                Layouts.transpose(tensor.floats(), tensor.shape(), order, moved);
                reader.result(new Symbol.Known(OnnxTensor.ofFloats(tensor.name(), shape, moved)));
            }
            case Symbol.Computed computed -> {
                if (computed.channelsLast() && Arrays.equals(order, Layouts.TO_CHANNELS_LAST)) {
                    reader.result(computed.node(), shape, false);
                } else if (!computed.channelsLast() && Arrays.equals(order, Layouts.TO_CHANNELS_FIRST)) {
                    reader.result(computed.node(), shape, true);
                } else {
                    int[] own = order.clone();
                    if (computed.channelsLast()) {
                        int[] position = inverse(Layouts.TO_CHANNELS_LAST);
                        for (int i = 0; i < own.length; i++) {
                            own[i] = position[order[i]];
                        }
                    }
                    int node = reader.add(new FloatOperation.Transpose(own), List.of(computed.node()), shape);
                    reader.result(node, shape, false);
                }
            }
            case Symbol.Quantised _ -> throw reader.unsupported("the input is 8-bit integers");
        }
    }

    private static int[] order(NodeReader reader, int rank) throws OnnxException {
        int[] order = reader.bounded("perm", rank, 0, 0, Math.max(rank - 1, 0));
        if (reader.integers("perm").isEmpty()) {
            for (int i = 0; i < rank; i++) {
                order[i] = rank - 1 - i;
            }
        }
        boolean[] seen = new boolean[rank];
        for (int axis : order) {
            if (seen[axis]) {
                throw reader.malformed("perm is no permutation");
            }
            seen[axis] = true;
        }
        return order;
    }

    static int[] inverse(int[] order) {
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
        }
        return inverse;
    }

    /** The permutation that makes {@code axis} the last and leaves the rest in order. */
    static int[] toLast(int rank, int axis) {
        int[] order = new int[rank];
        for (int i = 0; i < rank - 1; i++) {
            order[i] = i < axis ? i : i + 1;
        }
        order[rank - 1] = axis;
        return order;
    }

    static void concat(NodeReader reader) throws OnnxException {
        List<Symbol> parts = new ArrayList<>();
        boolean allKnown = true;
        for (int i = 0; i < reader.inputCount(); i++) {
            parts.add(reader.input(i));
            allKnown &= parts.getLast() instanceof Symbol.Known;
        }
        if (parts.isEmpty()) {
            throw reader.malformed("no inputs");
        }
        if (allKnown) {
            concatConstants(reader);
        } else {
            reader.result(concat(reader, parts));
        }
    }

    /** At least one part, and at least one that is no constant. */
    static Symbol.Computed concat(NodeReader reader, List<Symbol> parts) throws OnnxException {
        if (parts.isEmpty()) {
            throw reader.malformed("no inputs");
        }
        boolean channelsLast =
                parts.stream().anyMatch(part -> part instanceof Symbol.Computed computed && computed.channelsLast());
        int[] shape = parts.getFirst().shape().clone();
        int rank = shape.length;
        int axis = reader.axis(reader.integer("axis", 1), rank);
        List<Integer> operands = new ArrayList<>();
        long length = 0;
        for (Symbol part : parts) {
            if (part.shape().length != rank) {
                throw reader.malformed("inputs of different rank");
            }
            for (int other = 0; other < rank; other++) {
                if (other != axis && part.shape()[other] != shape[other]) {
                    throw reader.malformed("inputs differ in axis " + other);
                }
            }
            length += part.shape()[axis];
            operands.add(operand(reader, part, channelsLast));
        }
        if (length > Shapes.MAX_ELEMENTS) {
            throw reader.malformed("result too large");
        }
        shape[axis] = (int) length;
        int own = channelsLast ? inverse(Layouts.TO_CHANNELS_LAST)[axis] : axis;
        int[] ownShape = channelsLast ? Layouts.permute(shape, Layouts.TO_CHANNELS_LAST) : shape;
        int node = reader.add(new FloatOperation.Concat(own), List.copyOf(operands), ownShape);
        return new Symbol.Computed(node, shape, channelsLast);
    }

    private static int operand(NodeReader reader, Symbol part, boolean channelsLast) throws OnnxException {
        return switch (part) {
            case Symbol.Known(OnnxTensor tensor) ->
                reader.scope().constant(reader.name(), reader.finite(tensor.floats()), tensor.shape(), channelsLast);
            case Symbol.Computed value ->
                channelsLast ? reader.scope().channelsLast(value, reader.name()) : value.node();
            case Symbol.Quantised _ -> throw reader.unsupported("an input is 8-bit integers");
        };
    }

    /** Lists of integers joined, as in a shape put together from parts. */
    private static void concatConstants(NodeReader reader) throws OnnxException {
        List<Long> joined = new ArrayList<>();
        for (int i = 0; i < reader.inputCount(); i++) {
            OnnxTensor part = reader.constant(i);
            if (part.shape().length != 1 || part.count() + joined.size() > OnnxDecoder.MAX_RANK) {
                throw reader.unsupported("constants other than shapes");
            }
            Arrays.stream(part.longs()).forEach(joined::add);
        }
        reader.result(integers(joined));
    }

    private static Symbol integers(List<Long> values) {
        return new Symbol.Known(OnnxTensor.ofLongs(
                "",
                new int[] {values.size()},
                values.stream().mapToLong(Long::longValue).toArray()));
    }

    static void pad(NodeReader reader) throws OnnxException {
        if (!reader.text("mode", "constant").equals("constant")) {
            throw reader.unsupported("only padding with a constant");
        }
        if (reader.has(3)) {
            throw reader.unsupported("the axes input");
        }
        Symbol.Computed value = reader.computed(0);
        int rank = value.shape().length;
        List<Long> pads = reader.opset() < 11
                ? reader.integers("pads").orElseThrow(() -> reader.malformed("no pads"))
                : reader.integers("pads", 1).orElseThrow(() -> reader.malformed("no pads"));
        float fill = reader.opset() < 11 ? reader.real("value", 0) : reader.has(2) ? reader.floats(2, 1)[0] : 0;
        if (pads.size() != 2 * rank) {
            throw reader.malformed("pads needs " + 2 * rank + " values");
        }
        int[] before = new int[rank];
        int[] after = new int[rank];
        int[] shape = value.shape().clone();
        for (int i = 0; i < rank; i++) {
            before[i] = padding(reader, pads.get(i));
            after[i] = padding(reader, pads.get(rank + i));
            shape[i] += before[i] + after[i];
        }
        if (value.channelsLast()) {
            before = Layouts.permute(before, Layouts.TO_CHANNELS_LAST);
            after = Layouts.permute(after, Layouts.TO_CHANNELS_LAST);
        }
        int[] own = value.channelsLast() ? Layouts.permute(shape, Layouts.TO_CHANNELS_LAST) : shape;
        int node = reader.add(new FloatOperation.Pad(before, after, fill), List.of(value.node()), own);
        reader.result(node, shape, value.channelsLast());
    }

    private static int padding(NodeReader reader, long size) throws OnnxException {
        if (size < 0 || size > MAX_PAD) {
            throw reader.unsupported("padding of " + size);
        }
        return (int) size;
    }

    static void shape(NodeReader reader) throws OnnxException {
        if (reader.integer("start", 0) != 0 || reader.attribute("end").isPresent()) {
            throw reader.unsupported("part of a shape");
        }
        List<Long> sizes = new ArrayList<>();
        for (int size : reader.input(0).shape()) {
            sizes.add((long) size);
        }
        reader.result(integers(sizes));
    }

    static void gather(NodeReader reader) throws OnnxException {
        OnnxTensor table = reader.constant(0);
        OnnxTensor indices = reader.constant(1);
        if (table.shape().length != 1 || indices.count() > OnnxDecoder.MAX_RANK) {
            throw reader.unsupported("only from a list of constants");
        }
        long[] values = table.longs();
        long[] taken = indices.longs();
        for (int i = 0; i < taken.length; i++) {
            taken[i] = values[reader.axis(taken[i], values.length)];
        }
        reader.result(new Symbol.Known(OnnxTensor.ofLongs("", indices.shape(), taken)));
    }

    static void constant(NodeReader reader) throws OnnxException {
        OnnxTensor tensor;
        if (reader.attribute("value").orElse(null) instanceof OnnxAttribute.OfTensor(OnnxTensor value)) {
            tensor = value;
        } else if (reader.attribute("value_float").orElse(null) instanceof OnnxAttribute.OfFloat(float value)) {
            tensor = OnnxTensor.ofFloats("", new int[0], new float[] {value});
        } else if (reader.attribute("value_int").orElse(null) instanceof OnnxAttribute.OfInt(long value)) {
            tensor = OnnxTensor.ofLongs("", new int[0], value);
        } else if (reader.attribute("value_floats").orElse(null)
                instanceof OnnxAttribute.OfFloats(List<Float> values)) {
            float[] floats = new float[values.size()];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = values.get(i);
            }
            tensor = OnnxTensor.ofFloats("", new int[] {floats.length}, floats);
        } else if (reader.attribute("value_ints").orElse(null) instanceof OnnxAttribute.OfInts(List<Long> values)) {
            tensor = OnnxTensor.ofLongs(
                    "",
                    new int[] {values.size()},
                    values.stream().mapToLong(Long::longValue).toArray());
        } else {
            throw reader.unsupported("a constant that is no tensor of numbers");
        }
        reader.result(new Symbol.Known(tensor));
    }
}
