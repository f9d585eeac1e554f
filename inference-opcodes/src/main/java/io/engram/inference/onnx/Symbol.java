package io.engram.inference.onnx;

/** What a value name of the ONNX graph stands for while the graph is read. */
sealed interface Symbol {

    /** Its shape as ONNX sees it. */
    int[] shape();

    /** A constant of the file, or one computed from constants and shapes. */
    record Known(OnnxTensor tensor) implements Symbol {
        @Override
        public int[] shape() {
            return tensor.shape();
        }
    }

    /**
     * The result of a float node.
     *
     * @param shape batch, channel, height, width where {@code channelsLast} holds
     * @param channelsLast whether the node's own order is batch, height, width, channel
     */
    record Computed(int node, int[] shape, boolean channelsLast) implements Symbol {}

    /** 8-bit integers; the node holds the real numbers that they mean. */
    record Quantised(Computed real, Grid grid) implements Symbol {
        @Override
        public int[] shape() {
            return real.shape();
        }
    }
}
