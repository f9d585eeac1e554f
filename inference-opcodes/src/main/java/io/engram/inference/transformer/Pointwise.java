package io.engram.inference.transformer;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/**
 * A part of the graph that is a function of one value, element by element, however the exporter wrote it: {@code 0.5·x·(1 +
 * erf(x/√2))} in five nodes is one function of x.
 *
 * @param root the value
 * @param function evaluated in {@code double} with {@link StrictMath}
 */
record Pointwise(Expression root, DoubleUnaryOperator function) {

    private static final Set<String> UNARY =
            Set.of("Identity", "Dropout", "Cast", "Sqrt", "Erf", "Tanh", "Sigmoid", "Relu", "Exp", "Neg", "Gelu");
    private static final Set<String> BINARY = Set.of("Add", "Sub", "Mul", "Div", "Pow");

    /** The longest chain that ends in {@code value}; its root is {@code value} itself where there is none. */
    static Pointwise of(Expression value) {
        Expression root = root(value, new IdentityHashMap<>());
        return new Pointwise(root, x -> {
            Map<Expression, Double> known = new IdentityHashMap<>();
            known.put(root, x);
            return evaluate(value, known);
        });
    }

    /** Whether the function is a multiplication by this positive factor. */
    Optional<Double> factor() {
        double factor = function.applyAsDouble(1);
        boolean linear = factor > 0 && Double.isFinite(factor);
        for (double x : new double[] {-1000, -3, 0, 0.5, 7, 1000}) {
            linear &= Math.abs(function.applyAsDouble(x) - factor * x) <= 1e-12 * Math.abs(factor * x);
        }
        return linear ? Optional.of(factor) : Optional.empty();
    }

    private static Expression root(Expression value, Map<Expression, Expression> known) {
        Expression found = known.get(value);
        if (found == null) {
            found = search(value, known);
            known.put(value, found);
        }
        return found;
    }

    private static Expression search(Expression value, Map<Expression, Expression> known) {
        if (UNARY.contains(value.operator())) {
            return root(value.input(0), known);
        }
        if (!BINARY.contains(value.operator())) {
            return value;
        }
        Expression common = value;
        for (Expression operand : value.inputs()) {
            if (operand.isScalar()) {
                continue;
            }
            Expression root = operand.isConstant() ? value : root(operand, known);
            if (root == value || common != value && common != root) {
                return value;
            }
            common = root;
        }
        return common;
    }

    private static double evaluate(Expression value, Map<Expression, Double> known) {
        Double already = known.get(value);
        if (already != null) {
            return already;
        }
        double result;
        if (value.isScalar()) {
            result = value.scalar();
        } else {
            double x = evaluate(value.input(0), known);
            result = switch (value.operator()) {
                case "Add" -> x + evaluate(value.input(1), known);
                case "Sub" -> x - evaluate(value.input(1), known);
                case "Mul" -> x * evaluate(value.input(1), known);
                case "Div" -> x / evaluate(value.input(1), known);
                case "Pow" -> StrictMath.pow(x, evaluate(value.input(1), known));
                case "Sqrt" -> StrictMath.sqrt(x);
                case "Erf" -> ErrorFunction.of(x);
                case "Tanh" -> StrictMath.tanh(x);
                case "Sigmoid" -> 1 / (1 + StrictMath.exp(-x));
                case "Relu" -> Math.max(x, 0);
                case "Exp" -> StrictMath.exp(x);
                case "Neg" -> -x;
                case "Gelu" -> x * (1 + ErrorFunction.of(x / StrictMath.sqrt(2))) / 2;
                default -> x;
            };
        }
        known.put(value, result);
        return result;
    }
}
