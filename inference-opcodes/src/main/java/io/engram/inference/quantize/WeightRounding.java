package io.engram.inference.quantize;

/**
 * How the weights of a layer become whole numbers: each to the nearest, or so that the error of a whole sum stays small for
 * what the layer reads: one after the other, each takes back what the roundings before it did (Frantar et al. 2023, GPTQ, in
 * the order of the weights).
 */
final class WeightRounding {

    /** Each weight to the nearest number. */
    static final WeightRounding NEAREST = new WeightRounding(new double[0][], new double[0][]);

    /** Part of a variance that is left at least, whatever rounding errors of the sums took. */
    private static final double LEAST = 1e-9;

    /** Scales that are tried for each output, from the given one down. */
    private static final int SCALES = 20;

    private static final double SCALE_STEP = 0.02;

    /** For each group a lower triangular L, row-major, with {@code LᵀL} the covariance of its inputs. */
    private final double[][] factors;

    private final double[][] means;

    private WeightRounding(double[][] factors, double[][] means) {
        this.factors = factors;
        this.means = means;
    }

    /**
     * For inputs with these means and covariances, by group.
     *
     * @param covariances symmetric and positive definite, row-major
     */
    static WeightRounding of(double[][] covariances, double[][] means) {
        double[][] factors = new double[covariances.length][];
        for (int group = 0; group < factors.length; group++) {
            factors[group] = factor(covariances[group], means[group].length);
        }
        return new WeightRounding(factors, means);
    }

    private static double[] factor(double[] covariance, int size) {
        double[] factor = new double[size * size];
        double[] rest = covariance.clone();
        for (int i = size - 1; i >= 0; i--) {
            double pivot = StrictMath.sqrt(Math.max(rest[i * size + i], LEAST * covariance[i * size + i]));
            for (int j = 0; j <= i; j++) {
                factor[i * size + j] = rest[i * size + j] / pivot;
            }
            for (int row = 0; row < i; row++) {
                double at = factor[i * size + row];
                for (int j = 0; j <= row; j++) {
                    rest[row * size + j] -= at * factor[i * size + j];
                }
            }
        }
        return factor;
    }

    /** The same for inputs that are stored otherwise; channels repeat along the weights of an output. */
    WeightRounding stored(ChannelMap map) {
        if (map.isIdentity() || factors.length == 0) {
            return this;
        }
        int each = map.factor().length / factors.length;
        double[][] newFactors = new double[factors.length][];
        double[][] newMeans = new double[factors.length][];
        for (int group = 0; group < factors.length; group++) {
            int size = means[group].length;
            newFactors[group] = factors[group].clone();
            newMeans[group] = means[group].clone();
            for (int j = 0; j < size; j++) {
                int channel = group * each + j % each;
                newMeans[group][j] = map.stored(means[group][j], channel);
                for (int i = j; i < size; i++) {
                    newFactors[group][i * size + j] /= map.factorOf(channel);
                }
            }
        }
        return new WeightRounding(newFactors, newMeans);
    }

    /**
     * The weights of one output.
     *
     * @param scale what a whole number stands for
     * @param levels the whole numbers
     * @param shift what the output lacks on average, in the unit of the weights times that of the input
     */
    record Rounded(double scale, int[] levels, double shift) {}

    /**
     * Rounds the weights of one output.
     *
     * @param scale at which the largest weight is about the largest number; a smaller one may serve better
     */
    Rounded round(int output, int outputs, double[] weights, double scale, int least, int most) {
        if (factors.length == 0) {
            int[] levels = new int[weights.length];
            for (int i = 0; i < levels.length; i++) {
                levels[i] = (int) Math.clamp(StrictMath.rint(weights[i] / scale), (double) least, (double) most);
            }
            return new Rounded(scale, levels, 0);
        }
        int group = output / (outputs / factors.length);
        Rounded best = new Rounded(scale, new int[0], 0);
        double bestError = Double.POSITIVE_INFINITY;
        for (int i = 0; i < SCALES; i++) {
            double tried = scale * (1 - SCALE_STEP * i);
            double[] rest = weights.clone();
            int[] levels = new int[weights.length];
            double error = round(factors[group], rest, levels, tried, least, most);
            if (error < bestError) {
                bestError = error;
                best = new Rounded(tried, levels, dot(rest, means[group]));
            }
        }
        return best;
    }

    /** Leaves in {@code rest} what each weight lacks; the mean squared error of the output. */
    private static double round(double[] factor, double[] rest, int[] levels, double scale, int least, int most) {
        double error = 0;
        for (int i = 0; i < rest.length; i++) {
            double before = 0;
            for (int j = 0; j < i; j++) {
                before += factor[i * rest.length + j] * rest[j];
            }
            double own = factor[i * rest.length + i];
            double level = StrictMath.rint((rest[i] + before / own) / scale);
            levels[i] = (int) Math.clamp(level, (double) least, (double) most);
            rest[i] -= levels[i] * scale;
            double sum = before + own * rest[i];
            error += sum * sum;
        }
        return error;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
