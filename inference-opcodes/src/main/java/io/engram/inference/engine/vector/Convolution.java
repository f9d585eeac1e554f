package io.engram.inference.engine.vector;

import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A convolution as one product for each group: patches of the image by packed weights. */
final class Convolution implements Step {

    private final Conv2d conv;
    private final Value result;
    private final Workers workers;
    private final Shape kernel;
    private final List<PackedWeights> groups = new ArrayList<>();
    private final Finish finish;
    private final int block;

    Convolution(Conv2d conv, List<Value> in, Value result, Workers workers) {
        this.conv = conv;
        this.result = result;
        this.workers = workers;
        Value weights = in.get(1);
        this.kernel = weights.shape();
        this.block = Products.block(in.get(0).distance(conv.inputZeroPoint()), weights.distance(0));
        this.finish = Finish.perChannel(
                conv.output(),
                in.get(2).constant().orElseThrow(),
                in.get(3).constant().orElseThrow(),
                in.get(4).constant().orElseThrow());
        int perGroup = kernel.dimension(0) / conv.groups();
        int terms = kernel.elements() / kernel.dimension(0);
        for (int group = 0; group < conv.groups(); group++) {
            byte[] w = weights.constant().orElseThrow().data();
            groups.add(new PackedWeights(w, group * perGroup * terms, terms, perGroup));
        }
    }

    /** What the packed form takes. */
    static long bytes(Conv2d conv, List<Value> in) {
        Shape kernel = in.get(1).shape();
        int channels = kernel.dimension(0);
        long perGroup = PackedWeights.bytes(kernel.elements() / channels, channels / conv.groups());
        return (perGroup + PackedWeights.OVERHEAD) * conv.groups() + (long) channels * Finish.BYTES_PER_CHANNEL;
    }

    @Override
    public Tensor run(List<Tensor> inputs) {
        Tensor image = inputs.getFirst();
        Tensor output = Tensor.zeros(result.type(), result.shape());
        int channels = kernel.dimension(0);
        int perGroup = channels / conv.groups();
        for (int group = 0; group < conv.groups(); group++) {
            Patches patches = new Patches(
                    image.data(),
                    image.shape().dimension(1),
                    image.shape().dimension(2),
                    image.shape().dimension(3),
                    conv.window(),
                    kernel.dimension(1),
                    kernel.dimension(2),
                    kernel.dimension(3),
                    group * kernel.dimension(3),
                    conv.inputZeroPoint(),
                    result.shape().dimension(1),
                    result.shape().dimension(2));
            int first = group * perGroup;
            Products.Target target = new Products.Target(finish, first, output, first, channels);
            Products.multiply(patches, groups.get(group), block, target, workers);
        }
        return output;
    }
}
