package io.engram.inference.onnx;

/**
 * A function from one number to one number: what becomes a 256-entry table. Evaluated in {@code double} with
 * {@link StrictMath}, so that every machine gets the same value.
 */
public sealed interface ScalarFunction {

    /** Longest chain of functions that are joined into one; deeper ones would need much stack. */
    int MAX_DEPTH = 64;

    double apply(double x);

    /** Functions within functions. */
    default int depth() {
        return 1;
    }

    record Clip(float low, float high) implements ScalarFunction {
        @Override
        public double apply(double x) {
            return x < low ? low : x > high ? high : x;
        }
    }

    record LeakyRelu(float alpha) implements ScalarFunction {
        @Override
        public double apply(double x) {
            return x < 0 ? alpha * x : x;
        }
    }

    record Elu(float alpha) implements ScalarFunction {
        @Override
        public double apply(double x) {
            return x < 0 ? alpha * StrictMath.expm1(x) : x;
        }
    }

    record Sigmoid() implements ScalarFunction {
        @Override
        public double apply(double x) {
            return 1 / (1 + StrictMath.exp(-x));
        }
    }

    record Tanh() implements ScalarFunction {
        @Override
        public double apply(double x) {
            return StrictMath.tanh(x);
        }
    }

    record HardSigmoid(float alpha, float beta) implements ScalarFunction {
        @Override
        public double apply(double x) {
            double y = (double) alpha * x + beta;
            return y < 0 ? 0 : y > 1 ? 1 : y;
        }
    }

    record Affine(float scale, float shift) implements ScalarFunction {
        @Override
        public double apply(double x) {
            return (double) scale * x + shift;
        }
    }

    record Compose(ScalarFunction first, ScalarFunction second) implements ScalarFunction {
        @Override
        public double apply(double x) {
            return second.apply(first.apply(x));
        }

        @Override
        public int depth() {
            return 1 + Math.max(first.depth(), second.depth());
        }
    }

    /** x · f(x): the shape of HardSwish and SiLU. */
    record Gated(ScalarFunction gate) implements ScalarFunction {
        @Override
        public double apply(double x) {
            return x * gate.apply(x);
        }

        @Override
        public int depth() {
            return 1 + gate.depth();
        }
    }
}
