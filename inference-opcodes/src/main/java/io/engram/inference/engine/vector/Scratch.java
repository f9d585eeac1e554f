package io.engram.inference.engine.vector;

/** What one task of a product works in; about 0.8 MB. Contents are leftovers of other tasks. One thread at a time. */
final class Scratch {

    /** Rows of a task. A multiple of every tile's height. */
    static final int ROWS = 60;

    /** Most columns of a task. */
    static final int COLUMNS = 1_024;

    /** Most terms between two conversions to integers. */
    static final int BLOCK = 1_024;

    /** Distance of the rows, such that they do not all fall into one set of the cache. */
    static final int ROW_STRIDE = BLOCK + 16;

    final float[] rows = new float[ROWS * ROW_STRIDE];
    final float[] panel = new float[BLOCK * Tiles.MAX_VECTORS * Lanes.COUNT];
    final int[] row = new int[BLOCK];
    final int[] sums = new int[ROWS * COLUMNS];
}
