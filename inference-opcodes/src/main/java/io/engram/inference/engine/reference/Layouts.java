package io.engram.inference.engine.reference;

import io.engram.inference.operator.Concatenate;
import io.engram.inference.operator.Gather;
import io.engram.inference.operator.Pad;
import io.engram.inference.operator.Scaled;
import io.engram.inference.operator.Slice;
import io.engram.inference.operator.Transpose;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/** Operators that put elements elsewhere. */
final class Layouts {

    private Layouts() {}

    static Tensor concatenate(Concatenate concatenate, List<Tensor> in, Shape resultShape) {
        Tensor result = Tensor.zeros(concatenate.output().type(), resultShape);
        int axis = concatenate.axis();
        int inner = Strides.of(resultShape)[axis];
        int outer = resultShape.elements() / (inner * resultShape.dimension(axis));
        int index = 0;
        for (int block = 0; block < outer; block++) {
            for (int operand = 0; operand < in.size(); operand++) {
                Tensor tensor = in.get(operand);
                Scaled scaled = concatenate.operands().get(operand);
                int run = tensor.shape().dimension(axis) * inner;
                for (int i = block * run, end = i + run; i < end; i++) {
                    long value = Rounding.rescale((long) tensor.get(i) - scaled.zeroPoint(), scaled.rescale());
                    result.set(index++, Rounding.finish(value, concatenate.output()));
                }
            }
        }
        return result;
    }

    static Tensor transpose(Transpose transpose, Tensor in, Shape resultShape) {
        Tensor result = Tensor.zeros(in.type(), resultShape);
        int[] source = Strides.of(in.shape());
        int[] strides = new int[source.length];
        for (int axis = 0; axis < strides.length; axis++) {
            strides[axis] = source[transpose.permutation().get(axis)];
        }
        Counter counter = new Counter(resultShape);
        for (int i = 0; i < resultShape.elements(); i++) {
            result.set(i, in.get(counter.offset(strides)));
            counter.next();
        }
        return result;
    }

    static Tensor pad(Pad pad, Tensor in, Shape resultShape) {
        Tensor result = Tensor.zeros(in.type(), resultShape);
        for (int i = 0; i < resultShape.elements(); i++) {
            result.set(i, pad.value());
        }
        int[] strides = Strides.of(resultShape);
        int origin = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            origin += pad.before().get(axis) * strides[axis];
        }
        Counter counter = new Counter(in.shape());
        for (int i = 0; i < in.shape().elements(); i++) {
            result.set(origin + counter.offset(strides), in.get(i));
            counter.next();
        }
        return result;
    }

    static Tensor gather(Gather gather, Tensor in, Tensor indices, Shape resultShape) {
        Tensor result = Tensor.zeros(in.type(), resultShape);
        int size = in.shape().dimension(gather.axis());
        int inner = Strides.of(in.shape())[gather.axis()];
        int outer = in.shape().elements() / (inner * size);
        int index = 0;
        for (int block = 0; block < outer; block++) {
            for (int pick = 0; pick < indices.shape().elements(); pick++) {
                int from = (block * size + indices.get(pick)) * inner;
                for (int i = from; i < from + inner; i++) {
                    result.set(index++, in.get(i));
                }
            }
        }
        return result;
    }

    static Tensor slice(Slice slice, Tensor in, Shape resultShape) {
        Tensor result = Tensor.zeros(in.type(), resultShape);
        int[] strides = Strides.of(in.shape());
        int origin = slice.start() * strides[slice.axis()];
        strides[slice.axis()] *= slice.step();
        Counter counter = new Counter(resultShape);
        for (int i = 0; i < resultShape.elements(); i++) {
            result.set(i, in.get(origin + counter.offset(strides)));
            counter.next();
        }
        return result;
    }
}
