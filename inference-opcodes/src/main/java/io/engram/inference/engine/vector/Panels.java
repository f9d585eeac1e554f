package io.engram.inference.engine.vector;

/**
 * How columns are cut for the tiles: panels of {@link Tiles#MAX_VECTORS} vectors, then narrower ones. Columns are padded
 * to whole vectors, so that panel widths add up to the first column of the next.
 */
record Panels(int columns) {

    private static final int WIDTH = Tiles.MAX_VECTORS * Lanes.COUNT;

    /** Columns with their padding. */
    int padded() {
        return Math.ceilDiv(columns, Lanes.COUNT) * Lanes.COUNT;
    }

    /** The vectors of the panel that starts at {@code column}: 1, 2 or 4. */
    int vectors(int column) {
        int left = (padded() - column) / Lanes.COUNT;
        return left >= Tiles.MAX_VECTORS ? Tiles.MAX_VECTORS : left >= 2 ? 2 : 1;
    }

    /** How many tasks the columns make when none has more than {@code most}, a multiple of the widest panel. */
    int tasks(int most) {
        return Math.ceilDiv(padded(), most);
    }

    /** Columns of a task such that about {@code parts} come out. */
    int perTask(int parts) {
        int share = Math.ceilDiv(Math.ceilDiv(padded(), Math.max(1, parts)), WIDTH) * WIDTH;
        return Math.min(Scratch.COLUMNS, share);
    }
}
