package io.engram.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import io.engram.inference.onnx.OnnxAttribute;
import io.engram.inference.onnx.OnnxGraph;
import io.engram.inference.onnx.OnnxModel;
import io.engram.inference.onnx.OnnxNode;
import io.engram.inference.onnx.OnnxTensor;
import io.engram.inference.onnx.OnnxType;
import io.engram.inference.onnx.OnnxValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Three convolutions with batch norm, a residual fourth, two poolings and a dense layer: 2.7 million multiply–accumulates
 * an image, 44 thousand weights.
 */
final class FashionNetwork {

    static final int CLASSES = 10;
    private static final int FIRST = 16;
    private static final int SECOND = 32;
    private static final int THIRD = 48;
    private static final float EPSILON = 1e-5f;

    private final Conv2d conv1 = convolution(FIRST);
    private final Conv2d conv2 = convolution(SECOND);
    private final Conv2d conv3 = convolution(THIRD);
    private final Conv2d conv4 = convolution(THIRD);
    private final BatchNorm norm1 = norm();
    private final BatchNorm norm2 = norm();
    private final BatchNorm norm3 = norm();
    private final BatchNorm norm4 = norm();
    private final Linear dense = Linear.builder().setUnits(CLASSES).build();

    /** The network for training: N × 1 × 28 × 28 values 0 to 1 in, N × 10 logits out. */
    Block block() {
        Block residual = new SequentialBlock().add(conv4).add(norm4);
        return new SequentialBlock()
                .add(conv1)
                .add(norm1)
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(conv2)
                .add(norm2)
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(conv3)
                .add(norm3)
                .add(Activation.reluBlock())
                .add(new ParallelBlock(
                        parts -> new NDList(
                                parts.get(0).singletonOrThrow().add(parts.get(1).singletonOrThrow())),
                        List.of(residual, Blocks.identityBlock())))
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(Blocks.batchFlattenBlock())
                .add(dense);
    }

    /** The trained network as a standard ONNX model, opset 13, batch norm not folded. */
    OnnxModel toOnnx() {
        List<OnnxNode> nodes = new ArrayList<>();
        Map<String, OnnxTensor> constants = new LinkedHashMap<>();
        addConvolution(nodes, constants, 1, conv1, norm1, "input");
        addNode(nodes, "relu1", "Relu", Map.of(), "norm1");
        addPool(nodes, "pool1", "relu1");
        addConvolution(nodes, constants, 2, conv2, norm2, "pool1");
        addNode(nodes, "relu2", "Relu", Map.of(), "norm2");
        addPool(nodes, "pool2", "relu2");
        addConvolution(nodes, constants, 3, conv3, norm3, "pool2");
        addNode(nodes, "relu3", "Relu", Map.of(), "norm3");
        addConvolution(nodes, constants, 4, conv4, norm4, "relu3");
        addNode(nodes, "sum", "Add", Map.of(), "norm4", "relu3");
        addNode(nodes, "relu4", "Relu", Map.of(), "sum");
        addPool(nodes, "pool3", "relu4");
        addNode(nodes, "flat", "Flatten", Map.of("axis", new OnnxAttribute.OfInt(1)), "pool3");
        addParameter(constants, "dense.weight", dense, "weight");
        addParameter(constants, "dense.bias", dense, "bias");
        addNode(
                nodes,
                "logits",
                "Gemm",
                Map.of("transB", new OnnxAttribute.OfInt(1)),
                "flat",
                "dense.weight",
                "dense.bias");
        OnnxGraph graph = new OnnxGraph(
                "fashion-mnist",
                List.copyOf(nodes),
                constants,
                List.of(new OnnxValue("input", OnnxType.FLOAT.code(), List.of(-1L, 1L, 28L, 28L))),
                List.of(new OnnxValue("logits", OnnxType.FLOAT.code(), List.of(-1L, (long) CLASSES))));
        return new OnnxModel(7, 13, "engram-training", graph);
    }

    private static Conv2d convolution(int filters) {
        return Conv2d.builder()
                .setKernelShape(new Shape(3, 3))
                .optPadding(new Shape(1, 1))
                .optBias(false)
                .setFilters(filters)
                .build();
    }

    private static BatchNorm norm() {
        return BatchNorm.builder().optEpsilon(EPSILON).optMomentum(0.9f).build();
    }

    private static void addConvolution(
            List<OnnxNode> nodes,
            Map<String, OnnxTensor> constants,
            int number,
            Conv2d convolution,
            BatchNorm norm,
            String input) {
        String conv = "conv" + number;
        String name = "norm" + number;
        addParameter(constants, conv + ".weight", convolution, "weight");
        Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
        attributes.put("kernel_shape", new OnnxAttribute.OfInts(List.of(3L, 3L)));
        attributes.put("pads", new OnnxAttribute.OfInts(List.of(1L, 1L, 1L, 1L)));
        addNode(nodes, conv, "Conv", attributes, input, conv + ".weight");
        for (String parameter : List.of("gamma", "beta", "runningMean", "runningVar")) {
            addParameter(constants, name + "." + parameter, norm, parameter);
        }
        addNode(
                nodes,
                name,
                "BatchNormalization",
                Map.of("epsilon", new OnnxAttribute.OfFloat(EPSILON)),
                conv,
                name + ".gamma",
                name + ".beta",
                name + ".runningMean",
                name + ".runningVar");
    }

    private static void addPool(List<OnnxNode> nodes, String name, String input) {
        Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
        attributes.put("kernel_shape", new OnnxAttribute.OfInts(List.of(2L, 2L)));
        attributes.put("strides", new OnnxAttribute.OfInts(List.of(2L, 2L)));
        addNode(nodes, name, "MaxPool", attributes, input);
    }

    private static void addNode(
            List<OnnxNode> nodes,
            String name,
            String operator,
            Map<String, OnnxAttribute> attributes,
            String... inputs) {
        nodes.add(new OnnxNode(name, operator, "", List.of(inputs), List.of(name), attributes));
    }

    private static void addParameter(Map<String, OnnxTensor> constants, String name, Block block, String parameter) {
        NDArray array = block.getParameters().get(parameter).getArray();
        long[] dimensions = array.getShape().getShape();
        int[] shape = new int[dimensions.length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Math.toIntExact(dimensions[i]);
        }
        constants.put(name, OnnxTensor.ofFloats(name, shape, array.toFloatArray()));
    }
}
