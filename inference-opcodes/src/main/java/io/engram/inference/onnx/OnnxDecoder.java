package io.engram.inference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads ONNX files: protobuf by hand, every length checked, memory proportional to the file. Data kept in other files
 * ({@code external_data}) is refused.
 */
public final class OnnxDecoder {

    /** Largest file, in bytes. */
    public static final int MAX_FILE_BYTES = 1 << 28;
    /** Most nodes, constants, inputs or outputs of a graph, each. */
    public static final int MAX_ENTRIES = 1 << 16;
    /** Most inputs, outputs, attributes or list elements of a node, each. */
    public static final int MAX_NODE_ENTRIES = 1 << 16;
    /** Most entries of all lists of a file together: names, attribute values, dimensions. */
    public static final int MAX_TOTAL_ENTRIES = 1 << 22;
    /** Most dimensions of a tensor. */
    public static final int MAX_RANK = 16;

    private static final int EXTERNAL = 1;

    private int entries;
    /** Bytes of tensors that the file holds more densely than memory does. */
    private long unpacked;

    private OnnxDecoder() {}

    /** @throws OnnxException if the bytes are no ONNX model with a graph, or a constant's type is not readable */
    public static OnnxModel decode(byte[] file) throws OnnxException {
        if (file.length > MAX_FILE_BYTES) {
            throw new MalformedOnnxException("file of " + file.length + " bytes, limit " + MAX_FILE_BYTES);
        }
        return new OnnxDecoder().model(new ProtoReader(file));
    }

    private OnnxModel model(ProtoReader reader) throws OnnxException {
        long irVersion = 0;
        long opset = 0;
        String producer = "";
        List<OnnxGraph> graphs = new ArrayList<>();
        while (reader.next()) {
            switch (reader.field()) {
                case OnnxField.MODEL_IR_VERSION -> irVersion = reader.varint();
                case OnnxField.MODEL_PRODUCER -> producer = reader.text();
                case OnnxField.MODEL_GRAPH -> add(graphs, graph(reader.message()), 1, "graphs");
                case OnnxField.MODEL_OPSET -> opset = Math.max(opset, standardOpset(reader.message()));
                default -> reader.skip();
            }
        }
        if (graphs.isEmpty()) {
            throw new MalformedOnnxException("no graph in the file");
        }
        if (irVersion < 1) {
            throw new MalformedOnnxException("no IR version in the file");
        }
        return new OnnxModel(irVersion, opset, producer, graphs.getFirst());
    }

    /** Reads a file that holds one {@code TensorProto}, as ONNX's test data do. */
    static OnnxTensor decodeTensor(byte[] file) throws OnnxException {
        return new OnnxDecoder().tensor(new ProtoReader(file));
    }

    /** The version if the entry is for the standard operators, else 0. */
    private static long standardOpset(ProtoReader reader) throws MalformedOnnxException {
        String domain = "";
        long version = 0;
        while (reader.next()) {
            switch (reader.field()) {
                case OnnxField.OPSET_DOMAIN -> domain = reader.text();
                case OnnxField.OPSET_VERSION -> version = reader.varint();
                default -> reader.skip();
            }
        }
        return isStandard(domain) ? version : 0;
    }

    static boolean isStandard(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    private OnnxGraph graph(ProtoReader reader) throws OnnxException {
        String name = "";
        List<OnnxNode> nodes = new ArrayList<>();
        Map<String, OnnxTensor> constants = new LinkedHashMap<>();
        List<OnnxValue> inputs = new ArrayList<>();
        List<OnnxValue> outputs = new ArrayList<>();
        while (reader.next()) {
            switch (reader.field()) {
                case OnnxField.GRAPH_NAME -> name = reader.text();
                case OnnxField.GRAPH_NODE -> add(nodes, node(reader.message()), MAX_ENTRIES, "nodes");
                case OnnxField.GRAPH_INPUT -> add(inputs, value(reader.message()), MAX_ENTRIES, "inputs");
                case OnnxField.GRAPH_OUTPUT -> add(outputs, value(reader.message()), MAX_ENTRIES, "outputs");
                case OnnxField.GRAPH_INITIALIZER -> {
                    OnnxTensor tensor = tensor(reader.message());
                    if (constants.putIfAbsent(tensor.name(), tensor) != null) {
                        throw new MalformedOnnxException("two constants named '" + tensor.name() + "'");
                    }
                    if (constants.size() > MAX_ENTRIES) {
                        throw new MalformedOnnxException("more than " + MAX_ENTRIES + " constants");
                    }
                }
                default -> reader.skip();
            }
        }
        return new OnnxGraph(
                name,
                List.copyOf(nodes),
                Collections.unmodifiableMap(constants),
                List.copyOf(inputs),
                List.copyOf(outputs));
    }

    private OnnxNode node(ProtoReader reader) throws OnnxException {
        String name = "";
        String operator = "";
        String domain = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
        while (reader.next()) {
            switch (reader.field()) {
                case OnnxField.NODE_NAME -> name = reader.text();
                case OnnxField.NODE_OPERATOR -> operator = reader.text();
                case OnnxField.NODE_DOMAIN -> domain = reader.text();
                case OnnxField.NODE_INPUT -> add(inputs, reader.text(), MAX_NODE_ENTRIES, "node inputs");
                case OnnxField.NODE_OUTPUT -> add(outputs, reader.text(), MAX_NODE_ENTRIES, "node outputs");
                case OnnxField.NODE_ATTRIBUTE -> {
                    attribute(reader.message(), attributes);
                    if (attributes.size() > MAX_NODE_ENTRIES) {
                        throw new MalformedOnnxException("more than " + MAX_NODE_ENTRIES + " attributes");
                    }
                }
                default -> reader.skip();
            }
        }
        return new OnnxNode(
                name,
                operator,
                domain,
                List.copyOf(inputs),
                List.copyOf(outputs),
                Collections.unmodifiableMap(attributes));
    }

    /** Reads one attribute into {@code target}. Files before IR version 2 carry no type: it is then the field present. */
    private void attribute(ProtoReader reader, Map<String, OnnxAttribute> target) throws OnnxException {
        String name = "";
        long type = 0;
        int present = 0;
        OnnxAttribute single = new OnnxAttribute.Opaque(0);
        List<Float> floats = new ArrayList<>();
        List<Long> integers = new ArrayList<>();
        while (reader.next()) {
            switch (reader.field()) {
                case OnnxField.ATTRIBUTE_NAME -> name = reader.text();
                case OnnxField.ATTRIBUTE_TYPE -> type = reader.varint();
                case OnnxField.ATTRIBUTE_FLOAT -> {
                    single = new OnnxAttribute.OfFloat(Float.intBitsToFloat(reader.fixed32()));
                    present = OnnxField.TYPE_FLOAT;
                }
                case OnnxField.ATTRIBUTE_INT -> {
                    single = new OnnxAttribute.OfInt(reader.varint());
                    present = OnnxField.TYPE_INT;
                }
                case OnnxField.ATTRIBUTE_TEXT -> {
                    single = new OnnxAttribute.OfText(reader.text());
                    present = OnnxField.TYPE_TEXT;
                }
                case OnnxField.ATTRIBUTE_TENSOR -> {
                    single = tensorAttribute(reader.message());
                    present = OnnxField.TYPE_TENSOR;
                }
                case OnnxField.ATTRIBUTE_FLOATS -> {
                    floats(reader, floats);
                    present = OnnxField.TYPE_FLOATS;
                }
                case OnnxField.ATTRIBUTE_INTS -> {
                    integers(reader, integers);
                    present = OnnxField.TYPE_INTS;
                }
                default -> reader.skip();
            }
        }
        long kind = type == 0 ? present : type;
        OnnxAttribute value;
        if (kind == OnnxField.TYPE_FLOATS) {
            value = new OnnxAttribute.OfFloats(List.copyOf(floats));
        } else if (kind == OnnxField.TYPE_INTS) {
            value = new OnnxAttribute.OfInts(List.copyOf(integers));
        } else if (kind == present) {
            value = single;
        } else {
            value = unset(kind);
        }
        if (target.putIfAbsent(name, value) != null) {
            throw new MalformedOnnxException("attribute '" + name + "' is given twice");
        }
    }

    /** Protobuf leaves a scalar field out when it holds its default. */
    private static OnnxAttribute unset(long kind) {
        return switch (Math.clamp(kind, 0, 1000)) {
            case OnnxField.TYPE_FLOAT -> new OnnxAttribute.OfFloat(0);
            case OnnxField.TYPE_INT -> new OnnxAttribute.OfInt(0);
            case OnnxField.TYPE_TEXT -> new OnnxAttribute.OfText("");
            default -> new OnnxAttribute.Opaque(Math.clamp(kind, 0, 1000));
        };
    }

    private OnnxAttribute tensorAttribute(ProtoReader reader) throws OnnxException {
        try {
            return new OnnxAttribute.OfTensor(tensor(reader));
        } catch (UnsupportedOperatorException e) {
            // A tensor of text, say: it matters only if an operator that reads it is asked for.
            return new OnnxAttribute.Opaque(OnnxField.TYPE_TENSOR);
        }
    }

    private void floats(ProtoReader reader, List<Float> target) throws MalformedOnnxException {
        if (reader.wire() == ProtoReader.BYTES) {
            ProtoReader packed = reader.message();
            while (!packed.atEnd()) {
                add(target, Float.intBitsToFloat(packed.rawFixed32()), MAX_NODE_ENTRIES, "attribute values");
            }
        } else {
            add(target, Float.intBitsToFloat(reader.fixed32()), MAX_NODE_ENTRIES, "attribute values");
        }
    }

    private void integers(ProtoReader reader, List<Long> target) throws MalformedOnnxException {
        if (reader.wire() == ProtoReader.BYTES) {
            ProtoReader packed = reader.message();
            while (!packed.atEnd()) {
                add(target, packed.rawVarint(), MAX_NODE_ENTRIES, "attribute values");
            }
        } else {
            add(target, reader.varint(), MAX_NODE_ENTRIES, "attribute values");
        }
    }

    private OnnxTensor tensor(ProtoReader reader) throws OnnxException {
        String name = "";
        long typeCode = 0;
        List<Long> dimensions = new ArrayList<>();
        TensorData data = new TensorData();
        while (reader.next()) {
            switch (reader.field()) {
                case OnnxField.TENSOR_NAME -> name = reader.text();
                case OnnxField.TENSOR_TYPE -> typeCode = reader.varint();
                case OnnxField.TENSOR_DIMS -> {
                    integers(reader, dimensions);
                    if (dimensions.size() > MAX_RANK) {
                        throw new MalformedOnnxException(
                                "tensor '" + name + "' has more than " + MAX_RANK + " dimensions");
                    }
                }
                case OnnxField.TENSOR_RAW -> data.raw(reader.bytes());
                case OnnxField.TENSOR_FLOAT_DATA, OnnxField.TENSOR_DOUBLE_DATA -> data.fixed(reader);
                case OnnxField.TENSOR_INT32_DATA, OnnxField.TENSOR_INT64_DATA, OnnxField.TENSOR_UINT64_DATA ->
                    data.varints(reader);
                case OnnxField.TENSOR_LOCATION -> {
                    if (reader.varint() == EXTERNAL) {
                        throw new MalformedOnnxException("tensor '" + name + "' keeps its data in another file");
                    }
                }
                default -> reader.skip();
            }
        }
        OnnxType type = OnnxType.of(name, typeCode);
        int[] shape = Shapes.of(dimensions);
        long bytes = (long) Shapes.count(shape) * type.width();
        unpacked += data.isPacked() ? 0 : bytes;
        if (unpacked > MAX_FILE_BYTES) {
            throw new MalformedOnnxException("constants of more than " + MAX_FILE_BYTES + " bytes");
        }
        return new OnnxTensor(name, type, shape, data.take(name, type, bytes));
    }

    private OnnxValue value(ProtoReader reader) throws MalformedOnnxException {
        String name = "";
        long type = 0;
        List<Long> shape = new ArrayList<>();
        while (reader.next()) {
            switch (reader.field()) {
                case OnnxField.VALUE_NAME -> name = reader.text();
                case OnnxField.VALUE_TYPE -> type = valueType(reader.message(), shape);
                default -> reader.skip();
            }
        }
        return new OnnxValue(name, Math.clamp(type, 0, 1000), List.copyOf(shape));
    }

    private long valueType(ProtoReader reader, List<Long> shape) throws MalformedOnnxException {
        long type = 0;
        while (reader.next()) {
            if (reader.field() != OnnxField.TYPE_TENSOR_TYPE) {
                reader.skip();
                continue;
            }
            ProtoReader tensor = reader.message();
            while (tensor.next()) {
                switch (tensor.field()) {
                    case OnnxField.TENSOR_TYPE_ELEMENT -> type = tensor.varint();
                    case OnnxField.TENSOR_TYPE_SHAPE -> shape(tensor.message(), shape);
                    default -> tensor.skip();
                }
            }
        }
        return type;
    }

    private void shape(ProtoReader reader, List<Long> shape) throws MalformedOnnxException {
        while (reader.next()) {
            if (reader.field() != OnnxField.SHAPE_DIMENSION) {
                reader.skip();
                continue;
            }
            ProtoReader dimension = reader.message();
            long size = -1;
            while (dimension.next()) {
                if (dimension.field() == OnnxField.DIMENSION_VALUE) {
                    size = dimension.varint();
                } else {
                    dimension.skip();
                }
            }
            add(shape, size, MAX_RANK, "dimensions");
        }
    }

    private <T> void add(List<T> list, T value, int limit, String what) throws MalformedOnnxException {
        if (list.size() == limit) {
            throw new MalformedOnnxException("more than " + limit + " " + what);
        }
        if (++entries > MAX_TOTAL_ENTRIES) {
            throw new MalformedOnnxException("more than " + MAX_TOTAL_ENTRIES + " list entries in the file");
        }
        list.add(value);
    }

    /** A tensor's data in whichever of the format's fields it comes, as little-endian bytes in the end. */
    private static final class TensorData {

        private byte[] raw = {};
        private long[] typed = {};
        private int count;
        private int width;

        void raw(byte[] bytes) {
            raw = bytes;
        }

        boolean isPacked() {
            return count == 0;
        }

        void fixed(ProtoReader reader) throws MalformedOnnxException {
            boolean wide = reader.field() == OnnxField.TENSOR_DOUBLE_DATA;
            width = wide ? 8 : 4;
            if (reader.wire() == ProtoReader.BYTES) {
                ProtoReader packed = reader.message();
                reserve(packed.remaining() / width);
                while (!packed.atEnd()) {
                    typed[count++] = wide ? packed.rawFixed64() : packed.rawFixed32();
                }
            } else if (reader.wire() == (wide ? ProtoReader.FIXED64 : ProtoReader.FIXED32)) {
                reserve(1);
                typed[count++] = wide ? reader.rawFixed64() : reader.rawFixed32();
            } else {
                throw new MalformedOnnxException("tensor data of wire type " + reader.wire());
            }
        }

        void varints(ProtoReader reader) throws MalformedOnnxException {
            width = reader.field() == OnnxField.TENSOR_INT32_DATA ? 4 : 8;
            if (reader.wire() == ProtoReader.BYTES) {
                ProtoReader packed = reader.message();
                reserve(packed.countVarints());
                while (!packed.atEnd()) {
                    typed[count++] = packed.rawVarint();
                }
            } else {
                reserve(1);
                typed[count++] = reader.varint();
            }
        }

        byte[] take(String name, OnnxType type, long bytes) throws MalformedOnnxException {
            if (raw.length > 0 || count == 0) {
                if (raw.length != bytes) {
                    throw new MalformedOnnxException(
                            "tensor '" + name + "' needs " + bytes + " bytes of data and has " + raw.length);
                }
                return raw;
            }
            if ((long) count * type.width() != bytes) {
                throw new MalformedOnnxException(
                        "tensor '" + name + "' needs " + bytes / type.width() + " elements and has " + count);
            }
            // Types below 32 bits come in int32_data, one a varint; the rest in the field of their own width.
            if (type.width() != width && !(width == 4 && type.width() < 4)) {
                throw new MalformedOnnxException("tensor '" + name + "' has its data in the wrong field");
            }
            byte[] packed = new byte[(int) bytes];
            for (int i = 0; i < count; i++) {
                switch (type.width()) {
                    case 1 -> packed[i] = (byte) typed[i];
                    case 2 -> LittleEndian.putShort(packed, 2 * i, (short) typed[i]);
                    case 4 -> LittleEndian.putInt(packed, 4 * i, (int) typed[i]);
                    default -> LittleEndian.putLong(packed, 8 * i, typed[i]);
                }
            }
            return packed;
        }

        private void reserve(int extra) throws MalformedOnnxException {
            if (count + extra > Shapes.MAX_ELEMENTS) {
                throw new MalformedOnnxException("tensor of more than " + Shapes.MAX_ELEMENTS + " elements");
            }
            if (typed.length - count < extra) {
                typed = Arrays.copyOf(typed, Math.max(2 * typed.length, count + extra));
            }
        }
    }
}
