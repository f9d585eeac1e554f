package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Operators from their code and attributes. */
public final class OperatorCodec {

    /** More than any operator has: {@link Concatenate#MAX_OPERANDS} times 3, and a few. */
    public static final int MAX_ATTRIBUTES = 256;

    private OperatorCodec() {}

    /** @throws MalformedModelException for an unknown code or attributes that no operator has */
    public static Operator decode(int code, int[] attributes) throws MalformedModelException {
        AttributeReader in = new AttributeReader(attributes);
        try {
            Operator operator = read(code, in);
            in.end();
            return operator;
        } catch (IllegalArgumentException e) {
            throw new MalformedModelException("operator " + code + ": " + e.getMessage(), e);
        }
    }

    private static Operator read(int code, AttributeReader in) {
        return switch (code) {
            case 1 -> new Conv2d(in.window(), in.next(), in.next(), in.output());
            case 2 -> new DepthwiseConv2d(in.window(), in.next(), in.output());
            case 3 -> new Dense(in.next(), in.output());
            case 4 -> new MatMul(in.flag(), in.next(), in.next(), in.rescale(), in.output());
            case 5 -> new MaxPool(in.next(), in.next(), in.window(), in.next(), in.rescale(), in.output());
            case 6 -> new AveragePool(in.next(), in.next(), in.window(), in.next(), in.rescale(), in.output());
            case 7 ->
                new Add(new Add.Term(in.next(), in.next()), new Add.Term(in.next(), in.next()), in.next(), in.output());
            case 8 -> new Multiply(in.next(), in.next(), in.rescale(), in.output());
            case 9 -> new Clamp(in.next(), in.next());
            case 10 -> new Concatenate(in.next(), scaled(in), in.output());
            case 11 -> new Reshape(in.shape());
            case 12 -> new Transpose(in.list(Shape.MAX_RANK));
            case 13 -> new Pad(in.list(Shape.MAX_RANK), in.list(Shape.MAX_RANK), in.next());
            case 14 -> new Lookup();
            case 15 -> new Softmax(in.next(), in.output());
            case 16 -> new ArgMax();
            case 17 -> new Requantise(in.next(), in.rescale(), in.output());
            case 18 -> new Gather(in.next());
            case 19 -> new Slice(in.next(), in.next(), in.next(), in.next());
            case 20 ->
                new Normalise(
                        in.flag(), in.next(), new Normalise.Epsilon(in.next(), in.next()), in.rescale(), in.output());
            case 21 -> new Interpolate(in.rescale(), in.output());
            case 22 -> new WideSoftmax(in.flag(), in.next(), in.output());
            case 23 -> new DynamicDense(in.next(), in.output());
            case 24 -> new Mean(in.next(), in.flag(), in.next(), in.rescale(), in.output());
            case 25 -> new WideMatMul(in.flag(), in.next(), in.next(), in.rescale(), in.output());
            case 26 -> new WideDense(in.next(), in.output());
            default -> throw new IllegalArgumentException("unknown");
        };
    }

    private static List<Scaled> scaled(AttributeReader in) {
        int length = in.length(Concatenate.MAX_OPERANDS);
        List<Scaled> operands = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            operands.add(new Scaled(in.next(), in.rescale()));
        }
        return List.copyOf(operands);
    }
}
