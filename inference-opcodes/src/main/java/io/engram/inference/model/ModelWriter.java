package io.engram.inference.model;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The canonical file of a graph (docs/inference-spec.md, "Model file"). */
public final class ModelWriter {

    private ModelWriter() {}

    /**
     * The bytes of the file. {@link ModelReader} is the inverse for every graph that the checker accepts.
     *
     * @throws MalformedModelException when the graph does not fit the format
     */
    public static byte[] write(Graph graph) throws MalformedModelException {
        if (graph.inputs().size() > Graph.MAX_INPUTS
                || graph.outputs().size() > Graph.MAX_OUTPUTS
                || graph.constants().size() > Graph.MAX_CONSTANTS
                || graph.nodes().size() > Graph.MAX_STEPS) {
            throw new MalformedModelException("more inputs, outputs, constants or steps than a file holds");
        }
        if (graph.royalty() < 0 || graph.royalty() > Graph.MAX_ROYALTY) {
            throw new MalformedModelException("the royalty is outside 0 to 65535");
        }
        byte[] section = section(graph);
        long length = ModelFormat.HEADER_BYTES + ModelFormat.align(section.length);
        for (Tensor constant : graph.constants()) {
            length += ModelFormat.align(constant.byteLength());
        }
        length += ModelFormat.CHECKSUM_BYTES;
        if (length > Integer.MAX_VALUE - 8) {
            throw new MalformedModelException("a file of " + length + " bytes");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) length);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(ModelFormat.magic());
            out.writeShort(ModelFormat.VERSION);
            out.writeShort(graph.royalty());
            out.write(graph.author().toArray());
            out.writeLong(length);
            out.writeInt(section.length);
            out.writeInt(graph.maxBatch());
            out.writeShort(graph.inputs().size());
            out.writeShort(graph.outputs().size());
            out.writeInt(graph.constants().size());
            out.writeInt(graph.nodes().size());
            out.writeInt(0);
            out.write(section);
            pad(out);
            for (Tensor constant : graph.constants()) {
                out.write(constant.data());
                pad(out);
            }
            out.write(new byte[ModelFormat.CHECKSUM_BYTES]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] file = bytes.toByteArray();
        ModelFormat.seal(file);
        return file;
    }

    private static void pad(DataOutputStream out) throws IOException {
        out.write(new byte[(int) (ModelFormat.align(out.size()) - out.size())]);
    }

    private static byte[] section(Graph graph) throws MalformedModelException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (GraphInput input : graph.inputs()) {
                out.writeByte(input.type().code());
                writeShape(out, input.shape());
                out.writeInt(input.lo());
                out.writeInt(input.hi());
                writeScale(out, input.scale(), input.zeroPoint());
            }
            for (Tensor constant : graph.constants()) {
                out.writeByte(constant.type().code());
                writeShape(out, constant.shape());
            }
            for (Node node : graph.nodes()) {
                int[] attributes = node.operator().attributes();
                if (node.inputs().size() > ModelFormat.MAX_OPERANDS) {
                    throw new MalformedModelException("more operands than a node has");
                }
                out.writeShort(node.operator().code());
                out.writeShort(node.inputs().size());
                out.writeShort(attributes.length);
                for (int input : node.inputs()) {
                    out.writeInt(input);
                }
                for (int attribute : attributes) {
                    out.writeInt(attribute);
                }
            }
            for (GraphOutput output : graph.outputs()) {
                out.writeInt(output.value());
                writeScale(out, output.scale(), output.zeroPoint());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void writeShape(DataOutputStream out, Shape shape) throws IOException {
        out.writeByte(shape.rank());
        for (int dimension : shape.toArray()) {
            out.writeInt(dimension);
        }
    }

    private static void writeScale(DataOutputStream out, Scale scale, int zeroPoint) throws IOException {
        out.writeInt(scale.mantissa());
        out.writeByte(scale.exponent());
        out.writeInt(zeroPoint);
    }
}
