package io.engram.inference.transformer;

import java.util.List;
import java.util.stream.IntStream;

/** Compares vectors that two networks give for the same samples. */
public final class Embeddings {

    private Embeddings() {}

    /** Of two vectors of one length; 1 when both are zero, 0 when one is. */
    public static double cosine(float[] a, float[] b) {
        double product = 0;
        double left = 0;
        double right = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * (double) b[i];
            left += a[i] * (double) a[i];
            right += b[i] * (double) b[i];
        }
        double lengths = StrictMath.sqrt(left) * StrictMath.sqrt(right);
        return lengths == 0 ? left == right ? 1 : 0 : product / lengths;
    }

    /** The cosine of each pair, in order. */
    public static double[] cosines(List<float[]> a, List<float[]> b) {
        return IntStream.range(0, a.size())
                .mapToDouble(i -> cosine(a.get(i), b.get(i)))
                .toArray();
    }

    /** How many samples have the same nearest other sample in both lists, by cosine. At least two samples. */
    public static int sameNeighbours(List<float[]> a, List<float[]> b) {
        return (int) IntStream.range(0, a.size())
                .filter(i -> nearest(a, i) == nearest(b, i))
                .count();
    }

    private static int nearest(List<float[]> vectors, int own) {
        int best = -1;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < vectors.size(); i++) {
            double cosine = i == own ? Double.NEGATIVE_INFINITY : cosine(vectors.get(own), vectors.get(i));
            if (cosine > highest) {
                highest = cosine;
                best = i;
            }
        }
        return best;
    }
}
