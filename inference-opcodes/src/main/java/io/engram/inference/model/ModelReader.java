package io.engram.inference.model;

import io.engram.genesis.Address;
import io.engram.inference.MalformedModelException;
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.OperatorCodec;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes a model file apart. Accepts exactly the files that {@link ModelWriter} gives; time and memory are bounded by
 * the length of the file, whatever it says of itself. Whether the graph is a sound one is {@link ModelChecker}'s part.
 */
public final class ModelReader {

    private final ByteBuffer in;
    private final boolean checksum;

    private ModelReader(byte[] file, boolean checksum) {
        this.in = ByteBuffer.wrap(file);
        this.checksum = checksum;
    }

    /** @throws MalformedModelException when the bytes are not a canonical model file */
    public static Graph read(byte[] file) throws MalformedModelException {
        return read(file, true);
    }

    /** As {@link #read(byte[])} for bytes whose model id has been computed and is the one of an accepted file. */
    static Graph readIdentified(byte[] file) throws MalformedModelException {
        return read(file, false);
    }

    private static Graph read(byte[] file, boolean checksum) throws MalformedModelException {
        try {
            return new ModelReader(file, checksum).graph();
        } catch (BufferUnderflowException e) {
            throw new MalformedModelException("the file ends too early", e);
        } catch (IllegalArgumentException e) {
            throw new MalformedModelException(String.valueOf(e.getMessage()), e);
        }
    }

    private Graph graph() throws MalformedModelException {
        byte[] magic = new byte[ModelFormat.MAGIC_BYTES];
        in.get(magic);
        require(Arrays.equals(magic, ModelFormat.magic()), "not a model file");
        int version = in.getShort();
        require(version == ModelFormat.VERSION, "unknown version " + version);
        int royalty = Short.toUnsignedInt(in.getShort());
        byte[] author = new byte[Address.SIZE];
        in.get(author);
        long length = in.getLong();
        require(length == in.capacity(), "the header says " + length + " bytes, the file has " + in.capacity());
        require(!checksum || ModelFormat.isSealed(in.array()), "the checksum does not match: the file is damaged");
        int section = in.getInt();
        int maxBatch = in.getInt();
        int inputCount = count(in.getShort(), Graph.MAX_INPUTS, "inputs");
        int outputCount = count(in.getShort(), Graph.MAX_OUTPUTS, "outputs");
        int constantCount = count(in.getInt(), Graph.MAX_CONSTANTS, "constants");
        int nodeCount = count(in.getInt(), Graph.MAX_STEPS, "steps");
        require(in.getInt() == 0, "reserved bytes are not zero");
        require(section >= 0 && section <= in.remaining(), "graph section of " + section + " bytes");
        int end = in.position() + section;

        List<GraphInput> inputs = new ArrayList<>();
        for (int i = 0; i < inputCount; i++) {
            inputs.add(new GraphInput(type(), shape(), in.getInt(), in.getInt(), scale(), in.getInt()));
        }
        List<TensorType> types = new ArrayList<>();
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < constantCount; i++) {
            types.add(type());
            shapes.add(shape());
        }
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < nodeCount; i++) {
            nodes.add(node());
        }
        List<GraphOutput> outputs = new ArrayList<>();
        for (int i = 0; i < outputCount; i++) {
            outputs.add(new GraphOutput(in.getInt(), scale(), in.getInt()));
        }
        require(in.position() == end, "the graph section has another length than the header says");
        padding();
        List<Tensor> constants = new ArrayList<>();
        for (int i = 0; i < constantCount; i++) {
            constants.add(constant(types.get(i), shapes.get(i)));
        }
        require(in.remaining() == ModelFormat.CHECKSUM_BYTES, "bytes between the last constant and the checksum");
        return new Graph(Address.of(author), royalty, maxBatch, inputs, constants, nodes, outputs);
    }

    private Node node() throws MalformedModelException {
        int code = Short.toUnsignedInt(in.getShort());
        int operands = count(in.getShort(), ModelFormat.MAX_OPERANDS, "operands");
        int[] attributes = new int[count(in.getShort(), OperatorCodec.MAX_ATTRIBUTES, "attributes")];
        List<Integer> inputs = new ArrayList<>(operands);
        for (int i = 0; i < operands; i++) {
            inputs.add(in.getInt());
        }
        for (int i = 0; i < attributes.length; i++) {
            attributes[i] = in.getInt();
        }
        Operator operator = OperatorCodec.decode(code, attributes);
        return new Node(operator, inputs);
    }

    private Tensor constant(TensorType type, Shape shape) throws MalformedModelException {
        long bytes = (long) shape.elements() * type.bytes();
        require(bytes <= in.remaining(), "a constant of " + bytes + " bytes lies beyond the end");
        int from = in.position();
        byte[] data = Arrays.copyOfRange(in.array(), from, from + (int) bytes);
        in.position(from + data.length);
        padding();
        return Tensor.wrap(type, shape, data);
    }

    private void padding() throws MalformedModelException {
        while (in.position() % ModelFormat.ALIGNMENT != 0) {
            require(in.get() == 0, "padding is not zero");
        }
    }

    private TensorType type() throws MalformedModelException {
        int code = in.get();
        return TensorType.ofCode(code).orElseThrow(() -> new MalformedModelException("unknown tensor type " + code));
    }

    private Shape shape() throws MalformedModelException {
        int[] dimensions = new int[count(in.get(), Shape.MAX_RANK, "dimensions")];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = in.getInt();
        }
        require(Shape.isValid(dimensions), "no valid shape: " + Arrays.toString(dimensions));
        return Shape.of(dimensions);
    }

    private Scale scale() {
        int mantissa = in.getInt();
        return new Scale(mantissa, in.get());
    }

    private static int count(int count, int limit, String what) throws MalformedModelException {
        require(count >= 0 && count <= limit, count + " " + what + ", the limit is " + limit);
        return count;
    }

    private static void require(boolean condition, String reason) throws MalformedModelException {
        if (!condition) {
            throw new MalformedModelException(reason);
        }
    }
}
