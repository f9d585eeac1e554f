package io.engram.inference.bench;

import java.util.ArrayList;
import java.util.List;

/** The kernels and networks that are measured. */
public enum Networks {
    PRODUCT_256("product 256^3"),
    PRODUCT_512("product 512^3"),
    PRODUCT_1024("product 1024^3"),
    CONVOLUTION("conv 3x3 56x56x64->64"),
    DEPTHWISE("depthwise 3x3 56x56x96"),
    FASHION("Fashion-MNIST 28x28"),
    RESNET_18("ResNet-18 224x224"),
    MOBILENET_V2("MobileNetV2 224x224");

    private final String title;

    Networks(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /** Whether it is a whole network and not one layer. */
    public boolean isNetwork() {
        return this == FASHION || this == RESNET_18 || this == MOBILENET_V2;
    }

    public void sketch(NetworkSketch sketch) {
        switch (this) {
            case PRODUCT_256 -> sketch.output(sketch.product(256, 256, 256));
            case PRODUCT_512 -> sketch.output(sketch.product(512, 512, 512));
            case PRODUCT_1024 -> sketch.output(sketch.product(1024, 1024, 1024));
            case CONVOLUTION -> sketch.output(sketch.convolution(sketch.input(56, 56, 64), 64, 3, 1, true));
            case DEPTHWISE -> sketch.output(sketch.depthwise(sketch.input(56, 56, 96), 1));
            case FASHION -> fashion(sketch);
            case RESNET_18 -> resNet18(sketch);
            case MOBILENET_V2 -> mobileNetV2(sketch);
        }
    }

    /** The names in options. */
    public static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (Networks network : values()) {
            keys.add(network.key());
        }
        return keys;
    }

    public String key() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** The demonstration network's layers: 2.7 million multiply–accumulates. */
    private static void fashion(NetworkSketch sketch) {
        int value = sketch.convolution(sketch.input(28, 28, 1), 16, 3, 1, true);
        value = sketch.maxPool(value, 2, 2, 0);
        value = sketch.maxPool(sketch.convolution(value, 32, 3, 1, true), 2, 2, 0);
        int wide = sketch.convolution(value, 48, 3, 1, true);
        int sum = sketch.add(sketch.convolution(wide, 48, 3, 1, false), wide, true);
        sketch.output(sketch.dense(sketch.maxPool(sum, 2, 2, 0), 10, false));
    }

    /** He et al., Deep Residual Learning for Image Recognition, table 1. */
    private static void resNet18(NetworkSketch sketch) {
        int value = sketch.convolution(sketch.input(224, 224, 3), 64, 7, 2, true);
        value = sketch.maxPool(value, 3, 2, 1);
        int channels = 64;
        for (int stage = 0; stage < 4; stage++, channels *= 2) {
            for (int block = 0; block < 2; block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                int inner = sketch.convolution(value, channels, 3, stride, true);
                inner = sketch.convolution(inner, channels, 3, 1, false);
                int skip = stride == 1 ? value : sketch.convolution(value, channels, 1, stride, false);
                value = sketch.add(inner, skip, true);
            }
        }
        sketch.output(sketch.dense(sketch.globalPool(value), 1000, false));
    }

    /** Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, table 2. */
    private static void mobileNetV2(NetworkSketch sketch) {
        int[][] stages = {
            {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}
        };
        int value = sketch.convolution(sketch.input(224, 224, 3), 32, 3, 2, true);
        int channels = 32;
        for (int[] stage : stages) {
            for (int block = 0; block < stage[2]; block++) {
                int stride = block == 0 ? stage[3] : 1;
                int wide = stage[0] == 1 ? value : sketch.convolution(value, channels * stage[0], 1, 1, true);
                int narrow = sketch.convolution(sketch.depthwise(wide, stride), stage[1], 1, 1, false);
                value = stride == 1 && channels == stage[1] ? sketch.add(narrow, value, false) : narrow;
                channels = stage[1];
            }
        }
        value = sketch.convolution(value, 1280, 1, 1, true);
        sketch.output(sketch.dense(sketch.globalPool(value), 1000, false));
    }
}
