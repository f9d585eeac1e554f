package io.engram.inference.onnx;

import java.util.List;
import java.util.Map;

/** Writes an {@link OnnxModel} as an ONNX file that any ONNX runtime reads. */
public final class OnnxEncoder {

    private OnnxEncoder() {}

    /** The file; the same model gives the same bytes. */
    public static byte[] encode(OnnxModel model) {
        ProtoWriter file = new ProtoWriter();
        file.varint(OnnxField.MODEL_IR_VERSION, model.irVersion());
        file.text(OnnxField.MODEL_PRODUCER, model.producer());
        file.message(OnnxField.MODEL_GRAPH, graph(model.graph()));
        ProtoWriter opset = new ProtoWriter();
        opset.text(OnnxField.OPSET_DOMAIN, "");
        opset.varint(OnnxField.OPSET_VERSION, model.opset());
        file.message(OnnxField.MODEL_OPSET, opset);
        return file.toByteArray();
    }

    private static ProtoWriter graph(OnnxGraph graph) {
        ProtoWriter message = new ProtoWriter();
        for (OnnxNode node : graph.nodes()) {
            message.message(OnnxField.GRAPH_NODE, node(node));
        }
        message.text(OnnxField.GRAPH_NAME, graph.name());
        for (OnnxTensor tensor : graph.initializers().values()) {
            message.message(OnnxField.GRAPH_INITIALIZER, tensor(tensor));
        }
        for (OnnxValue input : graph.inputs()) {
            message.message(OnnxField.GRAPH_INPUT, value(input));
        }
        for (OnnxValue output : graph.outputs()) {
            message.message(OnnxField.GRAPH_OUTPUT, value(output));
        }
        return message;
    }

    private static ProtoWriter node(OnnxNode node) {
        ProtoWriter message = new ProtoWriter();
        for (String input : node.inputs()) {
            message.text(OnnxField.NODE_INPUT, input);
        }
        for (String output : node.outputs()) {
            message.text(OnnxField.NODE_OUTPUT, output);
        }
        message.text(OnnxField.NODE_NAME, node.name());
        message.text(OnnxField.NODE_OPERATOR, node.operator());
        for (Map.Entry<String, OnnxAttribute> attribute : node.attributes().entrySet()) {
            message.message(OnnxField.NODE_ATTRIBUTE, attribute(attribute.getKey(), attribute.getValue()));
        }
        if (!node.domain().isEmpty()) {
            message.text(OnnxField.NODE_DOMAIN, node.domain());
        }
        return message;
    }

    private static ProtoWriter attribute(String name, OnnxAttribute attribute) {
        ProtoWriter message = new ProtoWriter();
        message.text(OnnxField.ATTRIBUTE_NAME, name);
        int type = switch (attribute) {
            case OnnxAttribute.OfFloat(float value) -> {
                message.fixed32(OnnxField.ATTRIBUTE_FLOAT, Float.floatToRawIntBits(value));
                yield OnnxField.TYPE_FLOAT;
            }
            case OnnxAttribute.OfInt(long value) -> {
                message.varint(OnnxField.ATTRIBUTE_INT, value);
                yield OnnxField.TYPE_INT;
            }
            case OnnxAttribute.OfText(String value) -> {
                message.text(OnnxField.ATTRIBUTE_TEXT, value);
                yield OnnxField.TYPE_TEXT;
            }
            case OnnxAttribute.OfTensor(OnnxTensor value) -> {
                message.message(OnnxField.ATTRIBUTE_TENSOR, tensor(value));
                yield OnnxField.TYPE_TENSOR;
            }
            case OnnxAttribute.OfFloats(List<Float> values) -> {
                for (float value : values) {
                    message.fixed32(OnnxField.ATTRIBUTE_FLOATS, Float.floatToRawIntBits(value));
                }
                yield OnnxField.TYPE_FLOATS;
            }
            case OnnxAttribute.OfInts(List<Long> values) -> {
                for (long value : values) {
                    message.varint(OnnxField.ATTRIBUTE_INTS, value);
                }
                yield OnnxField.TYPE_INTS;
            }
            case OnnxAttribute.Opaque(int opaque) ->
                throw new IllegalArgumentException("attribute '" + name + "' of type " + opaque + " was not kept");
        };
        message.varint(OnnxField.ATTRIBUTE_TYPE, type);
        return message;
    }

    private static ProtoWriter tensor(OnnxTensor tensor) {
        ProtoWriter message = new ProtoWriter();
        for (int size : tensor.shape()) {
            message.varint(OnnxField.TENSOR_DIMS, size);
        }
        message.varint(OnnxField.TENSOR_TYPE, tensor.type().code());
        message.text(OnnxField.TENSOR_NAME, tensor.name());
        message.bytes(OnnxField.TENSOR_RAW, tensor.raw());
        return message;
    }

    private static ProtoWriter value(OnnxValue value) {
        ProtoWriter shape = new ProtoWriter();
        for (int i = 0; i < value.shape().size(); i++) {
            ProtoWriter dimension = new ProtoWriter();
            long size = value.shape().get(i);
            if (size >= 0) {
                dimension.varint(OnnxField.DIMENSION_VALUE, size);
            } else {
                // Equal names would say that two dimensions are equal.
                dimension.text(OnnxField.DIMENSION_SYMBOL, "N" + i);
            }
            shape.message(OnnxField.SHAPE_DIMENSION, dimension);
        }
        ProtoWriter tensorType = new ProtoWriter();
        tensorType.varint(OnnxField.TENSOR_TYPE_ELEMENT, value.type());
        tensorType.message(OnnxField.TENSOR_TYPE_SHAPE, shape);
        ProtoWriter type = new ProtoWriter();
        type.message(OnnxField.TYPE_TENSOR_TYPE, tensorType);
        ProtoWriter message = new ProtoWriter();
        message.text(OnnxField.VALUE_NAME, value.name());
        message.message(OnnxField.VALUE_TYPE, type);
        return message;
    }
}
