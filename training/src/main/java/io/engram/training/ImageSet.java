package io.engram.training;

import io.engram.inference.quantize.IdxFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * Grey images with labels, from a pair of idx files.
 *
 * @param images N × 28 × 28
 * @param labels N
 */
record ImageSet(IdxFile images, IdxFile labels) {

    static final int SIDE = 28;
    private static final int MAX_SHIFT = 1;

    static ImageSet read(Path folder, String prefix) throws IOException {
        return new ImageSet(
                IdxFile.read(folder.resolve(prefix + "-images-idx3-ubyte.gz")),
                IdxFile.read(folder.resolve(prefix + "-labels-idx1-ubyte.gz")));
    }

    int count() {
        return images.count();
    }

    int label(int index) {
        return labels.data()[index];
    }

    /** Writes image {@code index} as values 0 to 1 to {@code target} at {@code offset}. */
    void copy(int index, float[] target, int offset) {
        place(index, 0, 0, false, target, offset);
    }

    /** As {@link #copy}, moved by up to one pixel each way and mirrored half of the time. */
    void copyAugmented(int index, RandomGenerator random, float[] target, int offset) {
        int dx = random.nextInt(2 * MAX_SHIFT + 1) - MAX_SHIFT;
        int dy = random.nextInt(2 * MAX_SHIFT + 1) - MAX_SHIFT;
        place(index, dx, dy, random.nextBoolean(), target, offset);
    }

    private void place(int index, int dx, int dy, boolean mirrored, float[] target, int offset) {
        int base = index * SIDE * SIDE;
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int fromX = (mirrored ? SIDE - 1 - x : x) + dx;
                int fromY = y + dy;
                boolean inside = fromX >= 0 && fromX < SIDE && fromY >= 0 && fromY < SIDE;
                int pixel = inside ? images.data()[base + fromY * SIDE + fromX] & 0xff : 0;
                target[offset + y * SIDE + x] = pixel / 255f;
            }
        }
    }
}
