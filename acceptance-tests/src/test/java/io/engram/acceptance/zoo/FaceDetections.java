package io.engram.acceptance.zoo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** From BlazeFace's four outputs to boxes: anchors, threshold, weighted non-maximum suppression. */
final class FaceDetections {

    /** Scores are logits; 0 is a probability of one half. */
    private static final double THRESHOLD = 0;

    private static final double OVERLAP = 0.3;
    private static final int COORDINATES = 16;
    private static final int COARSE_ANCHORS = 6;
    private static final int FINE_ANCHORS = 2;

    /** A box in pixels. */
    record Face(double score, double left, double top, double right, double bottom) {

        double overlap(Face other) {
            double width = Math.min(right, other.right) - Math.max(left, other.left);
            double height = Math.min(bottom, other.bottom) - Math.max(top, other.top);
            double shared = Math.max(width, 0) * Math.max(height, 0);
            return shared / (area() + other.area() - shared);
        }

        private double area() {
            return (right - left) * (bottom - top);
        }
    }

    private FaceDetections() {}

    /**
     * @param side of the picture in pixels
     * @param fineScores of 16 × 16 cells with two anchors each
     * @param coarseScores of 8 × 8 cells with six anchors each
     * @param fine boxes, as the scores
     * @param coarse boxes, as the scores
     */
    static List<Face> decode(int side, float[] fineScores, float[] coarseScores, float[] fine, float[] coarse) {
        List<Face> candidates = new ArrayList<>();
        collect(side, 16, FINE_ANCHORS, fineScores, fine, candidates);
        collect(side, 8, COARSE_ANCHORS, coarseScores, coarse, candidates);
        candidates.sort(Comparator.comparingDouble(Face::score).reversed());
        List<Face> faces = new ArrayList<>();
        while (!candidates.isEmpty()) {
            Face best = candidates.getFirst();
            List<Face> same = candidates.stream()
                    .filter(face -> face.overlap(best) >= OVERLAP)
                    .toList();
            candidates.removeAll(same);
            faces.add(mean(same, best.score()));
        }
        return faces;
    }

    private static void collect(int side, int cells, int anchors, float[] scores, float[] boxes, List<Face> faces) {
        for (int i = 0; i < cells * cells * anchors; i++) {
            if (scores[i] <= THRESHOLD) {
                continue;
            }
            int row = i / anchors / cells;
            int column = i / anchors % cells;
            double x = (column + 0.5) * side / cells + boxes[i * COORDINATES];
            double y = (row + 0.5) * side / cells + boxes[i * COORDINATES + 1];
            double width = boxes[i * COORDINATES + 2];
            double height = boxes[i * COORDINATES + 3];
            faces.add(new Face(scores[i], x - width / 2, y - height / 2, x + width / 2, y + height / 2));
        }
    }

    /** Boxes of one face, each weighing as much as its probability. */
    private static Face mean(List<Face> faces, double score) {
        double weight = 0;
        double[] sums = new double[4];
        for (Face face : faces) {
            double probability = 1 / (1 + Math.exp(-face.score()));
            weight += probability;
            sums[0] += probability * face.left();
            sums[1] += probability * face.top();
            sums[2] += probability * face.right();
            sums[3] += probability * face.bottom();
        }
        return new Face(score, sums[0] / weight, sums[1] / weight, sums[2] / weight, sums[3] / weight);
    }
}
