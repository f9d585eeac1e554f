package io.engram.inference.operator;

import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The operators once more, from the text of docs/inference-spec.md and not from the back end: over coordinates, with
 * unbounded integers, padding written out. Slow.
 */
final class NaiveOperators {

    /** The largest accumulator that any element needed. */
    private BigInteger largest = BigInteger.ZERO;

    BigInteger largestAccumulator() {
        return largest;
    }

    Tensor run(Operator operator, List<Tensor> in) {
        return switch (operator) {
            case Conv2d op -> conv2d(op, in);
            case DepthwiseConv2d op -> depthwise(op, in);
            case Dense op -> dense(op, in);
            case MatMul op -> matMul(op, in.get(0), in.get(1));
            case MaxPool op -> maxPool(op, in.get(0));
            case AveragePool op -> averagePool(op, in.get(0));
            case Add op -> add(op, in.get(0), in.get(1));
            case Multiply op -> multiply(op, in.get(0), in.get(1));
            case Clamp op -> map(in.get(0), new OutputRange(in.get(0).type(), 0, op.lo(), op.hi()), x -> big(x));
            case Requantise op ->
                map(in.get(0), op.output(), x -> rescale(big(x).subtract(big(op.inputZeroPoint())), op.rescale()));
            case Lookup _ ->
                map(in.get(0), OutputRange.int8(0), x -> big(in.get(1).get(x + 128)));
            case Concatenate op -> concatenate(op, in);
            case Reshape op -> Tensor.of(in.get(0).type(), op.shape(), in.get(0).toArray());
            case Transpose op -> transpose(op, in.get(0));
            case Pad op -> pad(op, in.get(0));
            case Softmax op -> softmax(op, in.get(0), in.get(1));
            case ArgMax _ -> argMax(in.get(0));
            case Gather op -> gather(op, in.get(0), in.get(1));
            case Slice op -> slice(op, in.get(0));
            case Normalise op -> normalise(op, in.get(0), in.get(1), in.get(2));
            case Interpolate op -> map(in.get(0), op.output(), x -> interpolate(op, x, in.get(1)));
            case WideSoftmax op -> wideSoftmax(op, in);
            case DynamicDense op -> dynamicDense(op, in);
            case Mean op -> mean(op, in);
            case WideDense op -> wideDense(op, in);
            case WideMatMul op -> wideMatMul(op, in.get(0), in.get(1));
        };
    }

    private interface Cell {
        BigInteger at(int value);
    }

    private interface Element {
        BigInteger at(int[] coordinates);
    }

    private Tensor conv2d(Conv2d op, List<Tensor> in) {
        Tensor x = in.get(0);
        Tensor w = in.get(1);
        Window window = op.window();
        int kh = w.shape().dimension(1);
        int kw = w.shape().dimension(2);
        int depth = w.shape().dimension(3);
        int perGroup = w.shape().dimension(0) / op.groups();
        Shape shape = slide(x, window, kh, kw, w.shape().dimension(0));
        return fill(shape, op.output(), at -> {
            int o = at[3];
            BigInteger sum = big(in.get(2).get(o));
            for (int ky = 0; ky < kh; ky++) {
                for (int kx = 0; kx < kw; kx++) {
                    for (int c = 0; c < depth; c++) {
                        int cell = cell(x, window, at, ky, kx, o / perGroup * depth + c)
                                .orElse(op.inputZeroPoint());
                        sum = sum.add(big(cell - op.inputZeroPoint()).multiply(big(element(w, o, ky, kx, c))));
                    }
                }
            }
            return channel(sum, in, o);
        });
    }

    private Tensor depthwise(DepthwiseConv2d op, List<Tensor> in) {
        Tensor x = in.get(0);
        Tensor w = in.get(1);
        int kh = w.shape().dimension(0);
        int kw = w.shape().dimension(1);
        Shape shape = slide(x, op.window(), kh, kw, w.shape().dimension(2));
        return fill(shape, op.output(), at -> {
            BigInteger sum = big(in.get(2).get(at[3]));
            for (int ky = 0; ky < kh; ky++) {
                for (int kx = 0; kx < kw; kx++) {
                    int cell = cell(x, op.window(), at, ky, kx, at[3]).orElse(op.inputZeroPoint());
                    sum = sum.add(big(cell - op.inputZeroPoint()).multiply(big(element(w, ky, kx, at[3]))));
                }
            }
            return channel(sum, in, at[3]);
        });
    }

    private Tensor dense(Dense op, List<Tensor> in) {
        Tensor x = in.get(0);
        Tensor w = in.get(1);
        int rank = x.shape().rank();
        return fill(x.shape().with(rank - 1, w.shape().dimension(0)), op.output(), at -> {
            int unit = at[rank - 1];
            BigInteger sum = big(in.get(2).get(unit));
            for (int i = 0; i < x.shape().last(); i++) {
                int[] source = at.clone();
                source[rank - 1] = i;
                sum = sum.add(big(element(x, source) - op.inputZeroPoint()).multiply(big(element(w, unit, i))));
            }
            return channel(sum, in, unit);
        });
    }

    private Tensor matMul(MatMul op, Tensor a, Tensor b) {
        int rank = a.shape().rank();
        int columns = b.shape().dimension(op.transposed() ? rank - 2 : rank - 1);
        return fill(a.shape().with(rank - 1, columns), op.output(), at -> {
            BigInteger sum = BigInteger.ZERO;
            for (int i = 0; i < a.shape().last(); i++) {
                int[] first = at.clone();
                first[rank - 1] = i;
                int[] second = at.clone();
                second[rank - 2] = op.transposed() ? at[rank - 1] : i;
                second[rank - 1] = op.transposed() ? i : at[rank - 1];
                sum = sum.add(
                        big(element(a, first) - op.zeroPointA()).multiply(big(element(b, second) - op.zeroPointB())));
            }
            return rescale(accumulator(sum), op.rescale());
        });
    }

    private static Tensor wideDense(WideDense op, List<Tensor> in) {
        Tensor x = in.get(0);
        Tensor w = in.get(1);
        int rank = x.shape().rank();
        return fill(x.shape().with(rank - 1, w.shape().dimension(0)), op.output(), at -> {
            int unit = at[rank - 1];
            BigInteger sum = big(in.get(2).get(unit)).shiftLeft(op.biasShift());
            for (int i = 0; i < x.shape().last(); i++) {
                sum = sum.add(big(element(x, along(at, rank, i))).multiply(big(element(w, unit, i))));
            }
            return rescale(sum, new Rescale(in.get(3).get(unit), in.get(4).get(unit)));
        });
    }

    private static Tensor wideMatMul(WideMatMul op, Tensor a, Tensor b) {
        int rank = a.shape().rank();
        int columns = b.shape().dimension(op.transposed() ? rank - 2 : rank - 1);
        return fill(a.shape().with(rank - 1, columns), op.output(), at -> {
            BigInteger sum = BigInteger.ZERO;
            for (int i = 0; i < a.shape().last(); i++) {
                int[] second = at.clone();
                second[rank - 2] = op.transposed() ? at[rank - 1] : i;
                second[rank - 1] = op.transposed() ? i : at[rank - 1];
                BigInteger left = big(element(a, along(at, rank, i))).subtract(big(op.zeroPointA()));
                sum = sum.add(left.multiply(big(element(b, second)).subtract(big(op.zeroPointB()))));
            }
            return rescale(sum, op.rescale());
        });
    }

    private Tensor maxPool(MaxPool op, Tensor x) {
        Shape shape = slide(
                x, op.window(), op.kernelHeight(), op.kernelWidth(), x.shape().last());
        return fill(shape, op.output(), at -> {
            int max = window(x, op.window(), at, op.kernelHeight(), op.kernelWidth()).stream()
                    .mapToInt(Integer::intValue)
                    .max()
                    .orElseThrow();
            return rescale(big(max - op.inputZeroPoint()), op.rescale());
        });
    }

    private Tensor averagePool(AveragePool op, Tensor x) {
        Shape shape = slide(
                x, op.window(), op.kernelHeight(), op.kernelWidth(), x.shape().last());
        return fill(shape, op.output(), at -> {
            List<Integer> cells = window(x, op.window(), at, op.kernelHeight(), op.kernelWidth());
            BigInteger sum = BigInteger.ZERO;
            for (int cell : cells) {
                sum = sum.add(big(cell - op.inputZeroPoint()));
            }
            BigInteger numerator = accumulator(sum).multiply(big(op.rescale().multiplier()));
            BigInteger denominator = big(cells.size()).shiftLeft(op.rescale().shift());
            return round(numerator, denominator);
        });
    }

    private Tensor add(Add op, Tensor a, Tensor b) {
        return fill(broadcast(a, b), op.output(), at -> {
            BigInteger first = big(repeated(a, at))
                    .subtract(big(op.a().zeroPoint()))
                    .multiply(big(op.a().multiplier()));
            BigInteger second = big(repeated(b, at))
                    .subtract(big(op.b().zeroPoint()))
                    .multiply(big(op.b().multiplier()));
            return round(first.add(second), BigInteger.TWO.pow(op.shift()));
        });
    }

    private Tensor multiply(Multiply op, Tensor a, Tensor b) {
        return fill(broadcast(a, b), op.output(), at -> {
            BigInteger first = big(repeated(a, at)).subtract(big(op.zeroPointA()));
            BigInteger second = big(repeated(b, at)).subtract(big(op.zeroPointB()));
            return rescale(accumulator(first.multiply(second)), op.rescale());
        });
    }

    private Tensor concatenate(Concatenate op, List<Tensor> in) {
        int total = in.stream().mapToInt(t -> t.shape().dimension(op.axis())).sum();
        return fill(in.get(0).shape().with(op.axis(), total), op.output(), at -> {
            int position = at[op.axis()];
            int operand = 0;
            while (position >= in.get(operand).shape().dimension(op.axis())) {
                position -= in.get(operand++).shape().dimension(op.axis());
            }
            int[] source = at.clone();
            source[op.axis()] = position;
            Scaled scaled = op.operands().get(operand);
            BigInteger value = big(element(in.get(operand), source)).subtract(big(scaled.zeroPoint()));
            return rescale(value, scaled.rescale());
        });
    }

    private Tensor transpose(Transpose op, Tensor x) {
        int rank = x.shape().rank();
        int[] dimensions = new int[rank];
        for (int i = 0; i < rank; i++) {
            dimensions[i] = x.shape().dimension(op.permutation().get(i));
        }
        return fill(Shape.of(dimensions), identity(x), at -> {
            int[] source = new int[rank];
            for (int i = 0; i < rank; i++) {
                source[op.permutation().get(i)] = at[i];
            }
            return big(element(x, source));
        });
    }

    private Tensor pad(Pad op, Tensor x) {
        int rank = x.shape().rank();
        int[] dimensions = new int[rank];
        for (int i = 0; i < rank; i++) {
            dimensions[i] =
                    op.before().get(i) + x.shape().dimension(i) + op.after().get(i);
        }
        return fill(Shape.of(dimensions), identity(x), at -> {
            int[] source = new int[rank];
            for (int i = 0; i < rank; i++) {
                source[i] = at[i] - op.before().get(i);
                if (source[i] < 0 || source[i] >= x.shape().dimension(i)) {
                    return big(op.value());
                }
            }
            return big(element(x, source));
        });
    }

    private Tensor softmax(Softmax op, Tensor x, Tensor table) {
        int rank = x.shape().rank();
        return fill(x.shape(), op.output(), at -> {
            int max = Integer.MIN_VALUE;
            for (int i = 0; i < x.shape().last(); i++) {
                max = Math.max(max, element(x, along(at, rank, i)));
            }
            BigInteger sum = BigInteger.ZERO;
            for (int i = 0; i < x.shape().last(); i++) {
                sum = sum.add(big(table.get(max - element(x, along(at, rank, i)))));
            }
            BigInteger own = big(table.get(max - element(x, at)));
            return round(own.multiply(big(op.numerator())), sum);
        });
    }

    private Tensor argMax(Tensor x) {
        int rank = x.shape().rank();
        OutputRange range = new OutputRange(io.engram.inference.tensor.TensorType.INT32, 0, 0, Integer.MAX_VALUE);
        return fill(x.shape().with(rank - 1, 1), range, at -> {
            int best = 0;
            for (int i = x.shape().last() - 1; i >= 0; i--) {
                if (element(x, along(at, rank, i)) >= element(x, along(at, rank, best))) {
                    best = i;
                }
            }
            return big(best);
        });
    }

    private static Tensor gather(Gather op, Tensor x, Tensor indices) {
        int inserted = indices.shape().rank();
        int[] dimensions = new int[x.shape().rank() - 1 + inserted];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = i < op.axis()
                    ? x.shape().dimension(i)
                    : i < op.axis() + inserted
                            ? indices.shape().dimension(i - op.axis())
                            : x.shape().dimension(i - inserted + 1);
        }
        return fill(Shape.of(dimensions), identity(x), at -> {
            int[] source = new int[x.shape().rank()];
            for (int i = 0; i < source.length; i++) {
                source[i] = i < op.axis() ? at[i] : at[i == op.axis() ? 0 : i - 1 + inserted];
            }
            int[] pick = new int[inserted];
            System.arraycopy(at, op.axis(), pick, 0, inserted);
            source[op.axis()] = element(indices, pick);
            return big(element(x, source));
        });
    }

    private static Tensor slice(Slice op, Tensor x) {
        return fill(x.shape().with(op.axis(), op.count()), identity(x), at -> {
            int[] source = at.clone();
            source[op.axis()] = op.start() + op.step() * at[op.axis()];
            return big(element(x, source));
        });
    }

    private static Tensor normalise(Normalise op, Tensor x, Tensor gains, Tensor biases) {
        int rank = x.shape().rank();
        int width = x.shape().last();
        return fill(x.shape(), op.output(), at -> {
            BigInteger sum = BigInteger.ZERO;
            BigInteger squares = BigInteger.ZERO;
            for (int i = 0; i < width; i++) {
                BigInteger element = big((long) element(x, along(at, rank, i)) - op.inputZeroPoint());
                sum = sum.add(element);
                squares = squares.add(element.pow(2));
            }
            BigInteger s = op.centred() ? sum : BigInteger.ZERO;
            BigInteger q = big(width)
                    .multiply(squares)
                    .subtract(s.pow(2))
                    .add(big(op.epsilon().mantissa()).shiftLeft(op.epsilon().shift()));
            BigInteger n = BigInteger.ZERO;
            if (q.signum() > 0) {
                int k = 0;
                while (q.shiftLeft(2 * k).compareTo(BigInteger.TWO.pow(60)) < 0) {
                    k++;
                }
                BigInteger v = round(BigInteger.TWO.pow(50), q.shiftLeft(2 * k).sqrt());
                BigInteger own = big((long) element(x, at) - op.inputZeroPoint());
                n = round(big(width).multiply(own).subtract(s).multiply(v), BigInteger.TWO.pow(35 - k));
            }
            int i = at[rank - 1];
            return rescale(n.multiply(big(gains.get(i))).add(big(biases.get(i))), op.rescale());
        });
    }

    private static BigInteger interpolate(Interpolate op, int x, Tensor table) {
        int u = x + 32_768;
        BigInteger left = big(table.get(u / 128)).multiply(big(128 - u % 128));
        return rescale(left.add(big(table.get(u / 128 + 1)).multiply(big(u % 128))), op.rescale());
    }

    private static Tensor wideSoftmax(WideSoftmax op, List<Tensor> in) {
        Tensor x = in.get(0);
        int rank = x.shape().rank();
        return fill(x.shape(), op.output(), at -> {
            List<Integer> kept = new ArrayList<>();
            for (int i = 0; i < x.shape().last(); i++) {
                if (!op.masked() || repeated(in.get(3), along(at, rank, i)) != 0) {
                    kept.add(element(x, along(at, rank, i)));
                }
            }
            if (kept.isEmpty() || (op.masked() && repeated(in.get(3), at) == 0)) {
                return BigInteger.ZERO;
            }
            int max = kept.stream().mapToInt(Integer::intValue).max().orElseThrow();
            BigInteger sum =
                    kept.stream().map(value -> exponential(in, max - value)).reduce(BigInteger.ZERO, BigInteger::add);
            return round(exponential(in, max - element(x, at)).multiply(big(op.numerator())), sum);
        });
    }

    private static BigInteger exponential(List<Tensor> in, int below) {
        return big(in.get(1).get(below / 256)).multiply(big(in.get(2).get(below % 256)));
    }

    private Tensor dynamicDense(DynamicDense op, List<Tensor> in) {
        Tensor x = in.get(0);
        Tensor w = in.get(1);
        int rank = x.shape().rank();
        return fill(x.shape().with(rank - 1, w.shape().dimension(0)), op.output(), at -> {
            int unit = at[rank - 1];
            int largest = 1;
            for (int i = 0; i < x.shape().last(); i++) {
                largest = Math.max(largest, Math.abs(element(x, along(at, rank, i))));
            }
            BigInteger factor = round(big(127).multiply(BigInteger.TWO.pow(24)), big(largest));
            BigInteger sum = BigInteger.ZERO;
            for (int i = 0; i < x.shape().last(); i++) {
                BigInteger own = big(element(x, along(at, rank, i))).multiply(factor);
                sum = sum.add(round(own, BigInteger.TWO.pow(24)).multiply(big(element(w, unit, i))));
            }
            BigInteger bias = big(in.get(2).get(unit)).shiftLeft(op.biasShift());
            return rescale(
                    accumulator(sum).multiply(big(largest)).add(bias),
                    new Rescale(in.get(3).get(unit), in.get(4).get(unit)));
        });
    }

    private Tensor mean(Mean op, List<Tensor> in) {
        Tensor x = in.get(0);
        return fill(x.shape().with(op.axis(), 1), op.output(), at -> {
            BigInteger sum = BigInteger.ZERO;
            int kept = 0;
            for (int i = 0; i < x.shape().dimension(op.axis()); i++) {
                int[] source = at.clone();
                source[op.axis()] = i;
                if (!op.masked() || repeated(in.get(1), source) != 0) {
                    sum = sum.add(big((long) element(x, source) - op.inputZeroPoint()));
                    kept++;
                }
            }
            return kept == 0
                    ? BigInteger.ZERO
                    : round(
                            accumulator(sum).multiply(big(op.rescale().multiplier())),
                            big(kept).shiftLeft(op.rescale().shift()));
        });
    }

    private static int[] along(int[] at, int rank, int last) {
        int[] source = at.clone();
        source[rank - 1] = last;
        return source;
    }

    private static OutputRange identity(Tensor x) {
        return new OutputRange(x.type(), 0, x.type().min(), x.type().max());
    }

    private BigInteger channel(BigInteger sum, List<Tensor> in, int channel) {
        return rescale(
                accumulator(sum), new Rescale(in.get(3).get(channel), in.get(4).get(channel)));
    }

    private BigInteger accumulator(BigInteger sum) {
        largest = largest.max(sum.abs());
        return sum;
    }

    private static Tensor map(Tensor x, OutputRange output, Cell cell) {
        return fill(x.shape(), output, at -> cell.at(element(x, at)));
    }

    /** Every element: the value plus zero point, clamped. */
    private static Tensor fill(Shape shape, OutputRange output, Element element) {
        Tensor result = Tensor.zeros(output.type(), shape);
        for (int i = 0; i < shape.elements(); i++) {
            BigInteger value = element.at(coordinates(shape, i)).add(big(output.zeroPoint()));
            result.set(i, value.max(big(output.lo())).min(big(output.hi())).intValueExact());
        }
        return result;
    }

    private static int[] coordinates(Shape shape, int index) {
        int[] at = new int[shape.rank()];
        int rest = index;
        for (int axis = at.length - 1; axis >= 0; axis--) {
            at[axis] = rest % shape.dimension(axis);
            rest /= shape.dimension(axis);
        }
        return at;
    }

    private static int element(Tensor tensor, int... at) {
        int index = 0;
        for (int axis = 0; axis < at.length; axis++) {
            index = index * tensor.shape().dimension(axis) + at[axis];
        }
        return tensor.get(index);
    }

    private static int repeated(Tensor tensor, int[] at) {
        int[] source = at.clone();
        for (int axis = 0; axis < source.length; axis++) {
            if (tensor.shape().dimension(axis) == 1) {
                source[axis] = 0;
            }
        }
        return element(tensor, source);
    }

    private static Shape broadcast(Tensor a, Tensor b) {
        int[] dimensions = a.shape().toArray();
        for (int axis = 0; axis < dimensions.length; axis++) {
            dimensions[axis] = Math.max(dimensions[axis], b.shape().dimension(axis));
        }
        return Shape.of(dimensions);
    }

    private static Shape slide(Tensor x, Window w, int kh, int kw, int channels) {
        int rows = 0;
        while (rows * w.strideHeight() + (kh - 1) * w.dilationHeight()
                < x.shape().dimension(1) + w.padTop() + w.padBottom()) {
            rows++;
        }
        int columns = 0;
        while (columns * w.strideWidth() + (kw - 1) * w.dilationWidth()
                < x.shape().dimension(2) + w.padLeft() + w.padRight()) {
            columns++;
        }
        return Shape.of(1, rows, columns, channels);
    }

    /** The cell under a kernel cell; empty in the padding. */
    private static Optional<Integer> cell(Tensor x, Window w, int[] at, int ky, int kx, int channel) {
        int row = at[1] * w.strideHeight() + ky * w.dilationHeight() - w.padTop();
        int column = at[2] * w.strideWidth() + kx * w.dilationWidth() - w.padLeft();
        boolean inside = row >= 0
                && row < x.shape().dimension(1)
                && column >= 0
                && column < x.shape().dimension(2);
        return inside ? Optional.of(element(x, 0, row, column, channel)) : Optional.empty();
    }

    private static List<Integer> window(Tensor x, Window w, int[] at, int kh, int kw) {
        List<Integer> cells = new ArrayList<>();
        for (int ky = 0; ky < kh; ky++) {
            for (int kx = 0; kx < kw; kx++) {
                cell(x, w, at, ky, kx, at[3]).ifPresent(cells::add);
            }
        }
        return cells;
    }

    private static BigInteger rescale(BigInteger value, Rescale rescale) {
        return round(value.multiply(big(rescale.multiplier())), BigInteger.TWO.pow(rescale.shift()));
    }

    /** The nearest integer to a/b, halves upwards. */
    private static BigInteger round(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.shiftLeft(1).add(b).divideAndRemainder(b.shiftLeft(1));
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static BigInteger big(long value) {
        return BigInteger.valueOf(value);
    }
}
